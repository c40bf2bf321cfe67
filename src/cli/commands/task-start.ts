import type { TaskRecord } from '../../core/task/schema.ts';
import type { Host } from '../../host.ts';
import { taskById } from '../../operations/task-output.ts';
import { taskStart } from '../../operations/task-start.ts';
import { type Invocation, oneOrAll, operationCommand } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { switchFlag } from '../flags.ts';
import { followTasks, standsStill } from '../follow.ts';
import { startedView, taskName } from '../views/changed.ts';
import { followPrinter } from '../views/follow.ts';

export const command = operationCommand({
  operation: taskStart,
  details: `A task is queued and runs as soon as what it depends on is completed. It runs in the background: closing the
terminal does not stop it. With --wait, the command ends when every task has: 0 when all went well, 1 when one did not.
Ctrl-C then stops the waiting, not the tasks.`,
  extra: [switchFlag('wait', 'Wait until they have ended, and show what they do.')],
  examples: [
    { words: 'task start 3', says: 'in the background' },
    { words: 'task start 3 4 5', says: 'several; all are started or none' },
    { words: 'task start 3 --wait', says: 'and wait for the end, for scripts' },
  ],
  json: 'the task; `{ tasks }` when several are named; with --wait, as they are at the end',
  follows: true,
  toJson: oneOrAll,
  view: ({ tasks }, { out }, { store }) => startedView('Started', tasks, store.view, out.style),
  instead: (output, call, host) => (call.values.wait === true ? wait(output.tasks, call, host) : undefined),
});

async function wait(tasks: readonly TaskRecord[], call: Invocation, host: Host): Promise<ExitCode> {
  const { out, json } = call;
  const find = (id: string): TaskRecord | undefined => host.store.view.byId(id);
  const printer = followPrinter(out, { several: tasks.length > 1, find });
  const quiet = { changed() {}, logged() {}, deleted() {} };
  const ends = new Map<string, number>();
  for (const task of tasks) ends.set(task.id, (await host.store.getLogs(task.id, { limit: 1 })).next);
  const end = await followTasks(host, tasks, {
    over: standsStill,
    listener: json ? quiet : printer,
    signal: call.interrupted(),
    ...(json ? {} : { logFrom: (task) => ends.get(task.id) ?? 0 }),
    keepWorker: true,
  });
  const left = await Promise.all(tasks.map(({ id }) => taskById(host, id).catch(() => undefined)));
  const now = left.filter((task) => task !== undefined);
  if (json) out.json(oneOrAll({ tasks: now }));
  if (end === 'interrupted') {
    for (const task of now) if (!json) out.note(`${taskName(task)} goes on: systemprompt task watch ${task.number}`);
    return exitCodes.interrupted;
  }
  const well =
    now.length === tasks.length && now.every(({ status }) => status === 'completed' || status === 'completed_active');
  return well ? exitCodes.done : exitCodes.failed;
}
