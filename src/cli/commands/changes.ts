import { sanitizeLine } from '../../core/text/sanitize.ts';
import { oneOrAll, operationCommand } from '../command.ts';
import { changedView, startedView, taskLine } from '../views/changed.ts';

const oneOrMany = 'the task; `{ tasks }` when several are named';

export const cancel = operationCommand('task.cancel', {
  details: 'The agent of a running task is asked to stop, and ended if it does not.',
  examples: [
    { words: 'task cancel 3', says: 'stop it' },
    { words: 'task cancel 3 4 5 --reason "Not needed any more"', says: 'several, with the reason' },
  ],
  json: oneOrMany,
  toJson: oneOrAll,
  view: ({ tasks }, { out }) => changedView('Cancelled', tasks, out.style),
});

export const pause = operationCommand('task.pause', {
  details: 'Its agent is ended, and its session kept where the agent can go on with one.',
  examples: [{ words: 'task pause 3', says: 'stop it for now; "task resume 3" goes on' }],
  json: oneOrMany,
  toJson: oneOrAll,
  view: ({ tasks }, { out }) => changedView('Paused', tasks, out.style),
});

export const resume = operationCommand('task.resume', {
  details: `For a task that you paused, that used up a limit, or that was interrupted, for example by a machine that went
down. Its agent goes on in the session that it had, where it can; else a new one is told what was done. A limit that is
used up must be raised first. "task restart" begins anew; "task follow-up" adds to work whose session is open.`,
  examples: [{ words: 'task resume 3', says: 'go on, be it after "task update 3 --budget-tokens 200000"' }],
  json: oneOrMany,
  toJson: oneOrAll,
  view: ({ tasks }, { out }, { store }) => startedView('Resumed', tasks, store.view, out.style),
});

export const complete = operationCommand('task.complete', {
  details: 'For a task whose session is still open, or one that a person has finished.',
  examples: [
    { words: 'task complete 3', says: 'accept what the agent did' },
    { words: 'task complete 3 --result "Fixed by hand"', says: 'with a result' },
  ],
  json: oneOrMany,
  toJson: oneOrAll,
  view: ({ tasks }, { out }) => changedView('Completed', tasks, out.style),
});

export const restart = operationCommand('task.restart', {
  details: 'Attempts before stay in its history. One that needs approval asks for it again.',
  examples: [{ words: 'task restart 3', says: 'run it again' }],
  json: oneOrMany,
  toJson: oneOrAll,
  view: ({ tasks }, { out }, { store }) => startedView('Restarted', tasks, store.view, out.style),
});

export const remove = operationCommand('task.delete', {
  details: `This cannot be undone. A task that runs must be cancelled first. Its worktree goes too; git keeps what is in it and not
merged for 30 days, under a name that is printed.`,
  examples: [{ words: 'task delete 3 4', says: 'two tasks and their logs' }],
  json: 'the task as it was, with `kept`; `{ tasks, kept }` when several are named',
  toJson: ({ tasks, kept }) => (tasks.length === 1 ? { ...tasks[0], kept } : { tasks, kept }),
  view: ({ tasks, kept }, { out }) => [changedView('Deleted', tasks, out.style), ...kept.map(sanitizeLine)].join('\n'),
});

export const followUp = operationCommand('task.follow-up', {
  details: 'Only a task in completed_active has an open session.',
  examples: [
    { words: 'task follow-up 3 "Now add a test for it"', says: 'one more prompt' },
    { words: 'task follow-up 3 - < review.md', says: 'a long one' },
  ],
  json: 'the task',
  view: (task, { out }) => `Sent to ${taskLine(task, out.style)}`,
});

export const removeDependency = operationCommand('task.remove-dependency', {
  examples: [{ words: 'task remove-dependency 5 3', says: '5 no longer waits for 3' }],
  json: 'the task',
  view: (task, { out }) => `Changed ${taskLine(task, out.style)}`,
});
