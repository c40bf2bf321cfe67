import { TaskError } from '../core/errors.ts';
import { parseInput } from '../core/task/create.ts';
import type { Host } from '../host.ts';
import { runOperation } from '../operations/operation.ts';
import { liveStandings } from '../operations/queue/standings.ts';
import { taskById } from '../operations/task/output.ts';
import type { taskRestart } from '../operations/task/restart.ts';
import type { taskResume } from '../operations/task/resume.ts';
import type { taskStart } from '../operations/task/start.ts';
import { type Invocation, oneOrAll } from './command.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { switchFlag } from './flags.ts';
import { type FollowListener, followTasks, standsStill } from './follow.ts';
import { fullId } from './id-prefix.ts';
import { taskName } from './views/changed.ts';
import { followPrinter } from './views/follow.ts';

/** An operation that queues tasks. */
export type Starting = typeof taskStart | typeof taskRestart | typeof taskResume;

export const waitFlag = switchFlag('wait', 'Wait until the tasks end, and print their logs.');

const quiet: FollowListener = { changed() {}, logged() {}, deleted() {} };

/** Queues tasks and waits until each has ended. Exit code: 0 if all succeeded, 1 if one did not. */
export async function startAndWait(call: Invocation, operation: Starting): Promise<ExitCode> {
  const { out, json } = call;
  const signal = call.interrupted();
  const { wait: _, ...values } = call.values;
  const { tasks: given, ...options } = parseInput(operation.input, values);
  const host = await call.host();
  const references = await Promise.all(given.map((reference) => fullId(reference, host.store)));
  // Read before the start: a quick task may have ended when the start returns.
  const ends = await logEnds(host, references);
  const { tasks } = await runOperation(operation, host, { ...options, tasks: references });
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
