import { TaskError } from '../../core/errors.ts';
import { parseInput } from '../../core/task/create.ts';
import type { Host } from '../../host.ts';
import { runOperation } from '../../operations/operation.ts';
import { liveStandings, standings } from '../../operations/queue/standings.ts';
import { taskById } from '../../operations/task/output.ts';
import { taskStart } from '../../operations/task/start.ts';
import { type Command, type Invocation, oneOrAll, operationCommand } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { switchFlag } from '../flags.ts';
import { type FollowListener, followTasks, standsStill } from '../follow.ts';
import { fullId } from '../id-prefix.ts';
import { startedView, taskName } from '../views/changed.ts';
import { followPrinter } from '../views/follow.ts';

const startOnly = operationCommand('task.start', {
  details: `Queues the tasks. Each runs in the background as soon as its dependencies are completed; closing the terminal does not
stop it. With --wait, the command exits when every task has ended: 0 if all succeeded, 1 if one did not.
Ctrl-C then stops waiting, not the tasks.`,
  extra: [switchFlag('wait', 'Wait until the tasks end, and print their logs.')],
  follows: true,
  examples: [
    { words: 'task start 3', description: 'run in the background' },
    { words: 'task start 3 4 5', description: 'start several, all or none' },
    { words: 'task start 3 --wait', description: 'wait for the end, for scripts' },
  ],
  json: 'the task; `{ tasks }` if several are given; with --wait, the final state',
  toJson: oneOrAll,
  view: async ({ tasks }, { out }, host) => startedView('Started', tasks, await standings(host), out.style),
});

export async function command(): Promise<Command> {
  const start = await startOnly();
  return { ...start, run: (call) => (call.values.wait === true ? startAndWait(call) : start.run(call)) };
}

const quiet: FollowListener = { changed() {}, logged() {}, deleted() {} };

async function startAndWait(call: Invocation): Promise<ExitCode> {
  const { out, json } = call;
  const signal = call.interrupted();
  const { tasks: given } = parseInput(taskStart.input, { tasks: call.values.tasks });
  const host = await call.host();
  const references = await Promise.all(given.map((reference) => fullId(reference, host.store)));
  // Read before the start: a quick task may have ended when the start returns.
  const ends = await logEnds(host, references);
  const { tasks } = await runOperation(taskStart, host, { tasks: references });
  const end = await followTasks(host, tasks, {
    over: standsStill,
    listener: json ? quiet : followPrinter(out, { several: tasks.length > 1, standingOf: liveStandings(host) }),
    signal,
    ...(json ? {} : { logFrom: (task) => ends.get(task.id) ?? 0 }),
    keepWorker: true,
  });
  const left = await Promise.all(tasks.map(({ id }) => taskById(host, id).catch(ignoreMissing)));
  const now = left.filter((task) => task !== undefined);
  if (json) out.json(oneOrAll({ tasks: now }));
  if (end === 'interrupted') {
    for (const task of now) if (!json) out.note(`${taskName(task)} continues: systemprompt task watch ${task.number}`);
    return exitCodes.interrupted;
  }
  const good = now.filter(({ status }) => status === 'completed' || status === 'completed_active');
  return good.length === tasks.length ? exitCodes.done : exitCodes.failed;
}

/** The current ends of the logs by task id. */
async function logEnds({ store }: Host, references: readonly string[]): Promise<Map<string, number>> {
  const ends = new Map<string, number>();
  for (const reference of references) {
    const { id } = store.resolve(reference);
    ends.set(id, (await store.getLogs(id, { limit: 1 })).next);
  }
  return ends;
}

function ignoreMissing(error: unknown): undefined {
  if (!TaskError.is(error, 'TaskNotFound')) throw error;
}
