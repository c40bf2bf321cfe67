import { operationCommand } from '../command.ts';
import { queueView } from '../views/queue.ts';

const json =
  '`{ playing, since, by, running, at_work, max_parallel, idle, today, ready, next_total, next: [{ number, title, tool, priority }], waiting: [{ number, title, for, on, slots }], waiting_total }`';

export const play = operationCommand('queue.play', {
  details: `While the queue plays, each task runs as soon as its dependencies are completed. Order: highest priority, then most
dependents, then oldest. Tasks that need approval ask for it. The queue keeps playing when terminals and windows are closed.
To limit parallel tasks, set "worker": { "maxParallel": 2, "maxPerAgent": { "CODEX": 1 } } in .systemprompt/config.json.
To hold a task back, use "systemprompt task pause".`,
  examples: [{ words: 'queue play', description: 'run every pending task' }],
  json,
  view: (output, { out }) => queueView(output, out),
});

export const pause = operationCommand('queue.pause', {
  examples: [{ words: 'queue pause', description: 'stop starting tasks automatically' }],
  json,
  view: (output, { out }) => queueView(output, out),
});

export const status = operationCommand('queue.status', {
  details: `Also explains why the queue is idle, and shows the limits that hold tasks back and the use of the daily limits.`,
  examples: [{ words: 'queue status', description: 'show running, ready and waiting tasks' }],
  json,
  view: (output, { out }) => queueView(output, out),
});
