import { runOperation } from '../../operations/operation.ts';
import { liveStandings } from '../../operations/queue/standings.ts';
import { taskShow } from '../../operations/task/show.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { flagsOf } from '../flags.ts';
import { followTasks, hasEnded } from '../follow.ts';
import { fullId } from '../id-prefix.ts';
import { followJson, followPrinter } from '../views/follow.ts';

export const command: Command = {
  details: `Prints the log of the latest execution, then new entries and status changes.
Ctrl-C stops watching, not the task.`,
  examples: [{ words: 'task watch 3', description: 'print its log until it ends' }],
  flags: flagsOf(taskShow.input),
  positional: [{ key: 'task', required: true }],
  json: 'JSON Lines: `{ event: "task", task }` (no log), `{ event: "log", taskId, entry }`, `{ event: "deleted", taskId }`',
  reads: true,
  follows: true,
  async run({ host: open, out, json, values, interrupted }) {
    const host = await open();
    const task = await runOperation(taskShow, host, { task: await fullId(String(values.task), host.store) });
    const record = host.store.view.byId(task.id) ?? task;
    const end = await followTasks(host, [record], {
      over: hasEnded,
      listener: json ? followJson(out) : followPrinter(out, { several: false, standingOf: liveStandings(host) }),
      signal: interrupted(),
      logFrom: () => 0,
    });
    return end === 'interrupted' ? exitCodes.interrupted : exitCodes.done;
  },
};
