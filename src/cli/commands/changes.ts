import { sanitizeLine } from '../../core/text/sanitize.ts';
import { standings } from '../../operations/queue/standings.ts';
import { oneOrAll, operationCommand } from '../command.ts';
import { changedView, createdView, startedView, taskLine } from '../views/changed.ts';

const oneOrMany = 'the task; `{ tasks }` if several are given';

export const cancel = operationCommand('task.cancel', {
  details: 'Asks the agent of a running task to stop, and ends its process if it does not.',
  examples: [
    { words: 'task cancel 3', description: 'stop a task' },
    { words: 'task cancel 3 4 5 --reason "No longer needed"', description: 'several, with the reason' },
  ],
  json: oneOrMany,
  toJson: oneOrAll,
  view: ({ tasks }, { out }) => changedView('Cancelled', tasks, out.style),
});

export const pause = operationCommand('task.pause', {
  details: 'Stops the agent. Keeps its session if the agent can resume sessions.',
  examples: [{ words: 'task pause 3', description: 'pause it; "task resume 3" resumes it' }],
  json: oneOrMany,
  toJson: oneOrAll,
  view: ({ tasks }, { out }) => changedView('Paused', tasks, out.style),
});

export const resume = operationCommand('task.resume', {
  details: `Resumes tasks that you paused, that reached a limit, or that were interrupted, for example by a crash of the machine.
The agent resumes its session if it can; otherwise a new session starts with a summary of the work so far.
Raise a reached limit first. "task restart" starts over; "task follow-up" continues an open session.`,
  examples: [
    { words: 'task resume 3', description: 'resume, for example after "task update 3 --budget-tokens 200000"' },
  ],
  json: oneOrMany,
  toJson: oneOrAll,
  view: async ({ tasks }, { out }, host) => startedView('Resumed', tasks, await standings(host), out.style),
});

export const complete = operationCommand('task.complete', {
  details: 'Works for tasks with an open session, and for tasks that a person finished by hand.',
  examples: [
    { words: 'task complete 3', description: 'accept the result of the agent' },
    { words: 'task complete 3 --result "Fixed by hand"', description: 'set the result' },
  ],
  json: oneOrMany,
  toJson: oneOrAll,
  view: ({ tasks }, { out }) => changedView('Completed', tasks, out.style),
});

export const restart = operationCommand('task.restart', {
  details: 'Previous executions stay in the history. A task that needs approval asks for it again.',
  examples: [{ words: 'task restart 3', description: 'run it again' }],
  json: oneOrMany,
  toJson: oneOrAll,
  view: async ({ tasks }, { out }, host) => startedView('Restarted', tasks, await standings(host), out.style),
});

export const remove = operationCommand('task.delete', {
  details: `This cannot be undone. Cancel running tasks first. Also removes the worktree; git keeps unmerged changes for 30 days
under a ref, which the command prints.`,
  examples: [{ words: 'task delete 3 4', description: 'two tasks and their logs' }],
  json: 'the deleted task, with `kept`; `{ tasks, kept }` if several are given',
  toJson: ({ tasks, kept }) => (tasks.length === 1 ? { ...tasks[0], kept } : { tasks, kept }),
  view: ({ tasks, kept }, { out }) => [changedView('Deleted', tasks, out.style), ...kept.map(sanitizeLine)].join('\n'),
});

export const followUp = operationCommand('task.follow-up', {
  details: 'Only a task with status completed_active has an open session.',
  examples: [
    { words: 'task follow-up 3 "Now add a test for it"', description: 'send a prompt' },
    { words: 'task follow-up 3 - < review.md', description: 'read a long prompt from a file' },
  ],
  json: 'the task',
  view: (task, { out }) => `Sent to ${taskLine(task, out.style)}`,
});

export const removeDependency = operationCommand('task.remove-dependency', {
  examples: [{ words: 'task remove-dependency 5 3', description: 'remove the dependency of task 5 on task 3' }],
  json: 'the task',
  view: (task, { out }) => `Changed ${taskLine(task, out.style)}`,
});

export const addDependency = operationCommand('task.add-dependency', {
  examples: [{ words: 'task add-dependency 5 3 4', description: 'let task 5 wait for tasks 3 and 4' }],
  json: 'the task',
  view: (task, { out }) => `Changed ${taskLine(task, out.style)}`,
});

export const note = operationCommand('task.note', {
  details: 'The note is in the log of the task. The agent does not get it; "task follow-up" sends it a prompt.',
  examples: [
    { words: 'task note 3 "Waiting for the design of the new form"', description: 'for the record' },
    { words: 'task note 3 - < minutes.md', description: 'read a long note from a file' },
  ],
  json: 'the task',
  view: (task, { out }) => `Noted in ${taskLine(task, out.style)}`,
});

export const clone = operationCommand('task.clone', {
  details:
    'The copy is pending, whatever the state of the original. Limits, gate and dependencies are copied, spend is not.',
  examples: [
    { words: 'task clone 3', description: 'the same once more' },
    { words: 'task clone 3 "Fix the logout test" --parts', description: 'with a new title, and its subtasks' },
  ],
  json: 'the new task',
  view: createdView,
});
