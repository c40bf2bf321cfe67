import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import { isTerminal } from '../../core/task/lifecycle.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Host } from '../../host.ts';
import { liveStandings } from '../../operations/queue/standings.ts';
import { tasksOf } from '../../operations/task/project-tasks.ts';
import { resolveAnywhere, taskReferences } from '../../operations/task/references.ts';
import type { Command, Invocation } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { flagsOf } from '../flags.ts';
import { followTasks, hasEnded, standsStill } from '../follow.ts';
import { fullId } from '../id-prefix.ts';
import { followJson, followPrinter } from '../views/follow.ts';

const input = z.strictObject({
  tasks: taskReferences.optional(),
  project: z.string().optional().meta({ value: 'name' }).describe('Every task of this project, new ones included.'),
  all: z.boolean().optional().describe('Every task, new ones included.'),
});

export const command: Command = {
  details: `Prints the log of the latest execution, then new entries and status changes. Several tasks are followed until each of them
has ended or waits to be started. Exits with 1 if one failed or was cancelled; with --project or --all also if one had failed before; those are listed first.
Ctrl-C stops watching, not the tasks.`,
  examples: [
    { words: 'task watch 3', description: 'print its log until it ends' },
    { words: 'task watch 3 4 5', description: 'several' },
    { words: 'task watch --project Web', description: 'every task of a project' },
    { words: 'task watch --all --json', description: 'everything, for programs' },
  ],
  flags: flagsOf(input),
  positional: [{ key: 'tasks', required: false }],
  json: 'JSON Lines: `{ event: "task", task }` (no log), `{ event: "log", taskId, entry }`, `{ event: "deleted", taskId }`',
  reads: true,
  follows: true,
  async run(call) {
    const { out, json, interrupted } = call;
    const host = await call.host();
    const chosen = await chosenTasks(call, host);
    const ended = new Map<string, TaskRecord>();
    const listener = json
      ? followJson(out)
      : followPrinter(out, { several: chosen.several, standingOf: liveStandings(host) });
    // Without them, exit code 1 would have no visible reason.
    for (const task of chosen.failedBefore) listener.changed(task, undefined);
    const end = await followTasks(host, chosen.tasks, {
      over: chosen.several ? standsStill : hasEnded,
      listener: {
        ...listener,
        changed(task, before) {
          ended.set(task.id, task);
          listener.changed(task, before);
        },
      },
      signal: interrupted(),
      logFrom: () => 0,
      joins: chosen.joins,
    });
    if (end === 'interrupted') return exitCodes.interrupted;
    return exitCodeOfAll([...ended.values(), ...chosen.failedBefore]);
  },
};

interface Chosen {
  readonly tasks: readonly TaskRecord[];
  readonly several: boolean;
  readonly joins?: (task: TaskRecord) => boolean;
  /** Tasks that failed before watching began, and were not restarted. */
  readonly failedBefore: readonly TaskRecord[];
}

/** @throws TaskError `InvalidInput` if nothing or too much is named, `TaskNotFound` */
async function chosenTasks({ values }: Invocation, host: Host): Promise<Chosen> {
  const { store } = host;
  const { tasks = [], project, all } = values as { tasks?: readonly string[]; project?: string; all?: boolean };
  if ([tasks.length > 0, project !== undefined, all === true].filter(Boolean).length !== 1) {
    throw new TaskError('InvalidInput', 'Name the tasks to watch, or --project NAME, or --all.', {
      next: [operationStep('List the tasks', 'task.list')],
    });
  }
  await store.refresh();
  if (tasks.length > 0) {
    const found = new Set<TaskRecord>();
    for (const reference of tasks) {
      found.add(await resolveAnywhere(host, await fullId(String(reference), store)));
    }
    return { tasks: [...found], several: found.size > 1, failedBefore: [] };
  }
  const inProject = tasksOf(store.view, project);
  return {
    tasks: inProject.filter((task) => !isTerminal(task.status)),
    several: true,
    joins: (task) => project === undefined || task.project === project,
    failedBefore: inProject.filter((task) => task.status === 'failed'),
  };
}

function exitCodeOfAll(tasks: Iterable<TaskRecord>): ExitCode {
  for (const { status } of tasks) if (status === 'failed' || status === 'cancelled') return exitCodes.failed;
  return exitCodes.done;
}
