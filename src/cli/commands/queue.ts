import { operationCommand } from '../command.ts';
import { queueView } from '../views/queue.ts';

const json =
  '`{ playing, since, by, running, at_work, max_parallel, idle, today, ready, next: [{ number, title, tool, priority }], waiting: [{ number, title, for, on }], waiting_total }`';

export const play = operationCommand('queue.play', {
  details: `While the queue plays, a task runs as soon as what it depends on is completed: most urgent first, then what most
others wait for, then the oldest. Tasks that need approval ask for it. It plays on when terminals and windows are closed.
How many run at once: "worker": { "maxParallel": 2, "maxPerAgent": { "CODEX": 1 } } in .systemprompt/config.json.
A task that is not to run yet: "systemprompt task pause".`,
  examples: [{ words: 'queue play', says: 'let everything run that can' }],
  json,
  view: (output, { out }) => queueView(output, out),
});

export const pause = operationCommand('queue.pause', {
  examples: [{ words: 'queue pause', says: 'start nothing more by itself' }],
  json,
  view: (output, { out }) => queueView(output, out),
});

export const status = operationCommand('queue.status', {
  details: `Says why nothing runs, which limits hold tasks back, and how the limits of the day stand.`,
  examples: [{ words: 'queue status', says: 'what comes next, and what waits for what' }],
  json,
  view: (output, { out }) => queueView(output, out),
});

export const confirm = operationCommand('queue.confirm', {
  details: `A folder that was copied, moved or cloned can bring along tasks that are set to run, and a queue that plays. They
are commands of whoever wrote them: nothing of it runs here until you have looked at it and said so, once for the folder.`,
  examples: [{ words: 'queue confirm', says: 'let it run, after a look at "queue status" and "task show"' }],
  json,
  view: (output, { out }) => queueView(output, out),
});
