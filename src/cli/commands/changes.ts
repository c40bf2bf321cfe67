import { sanitizeLine } from '../../core/text/sanitize.ts';
import { byFilter } from '../by-filter.ts';
import { oneOrAll, operationCommand } from '../command.ts';
import { changedView, createdView, taskLine } from '../views/changed.ts';

const oneOrMany = 'the task; `{ tasks }` if several are given';

export const cancel = byFilter(
  operationCommand('task.cancel', {
    details:
      'Asks the agent of a running task to stop, and ends its process if it does not. A group is cancelled with its open parts.',
    examples: [
      { words: 'task cancel 3', description: 'stop a task' },
      { words: 'task cancel 3 4 5 --reason "No longer needed"', description: 'several, with the reason' },
      { words: 'task cancel --filter "project:Shop is:waiting"', description: 'the tasks of a filter' },
    ],
    json: oneOrMany,
    toJson: oneOrAll,
    view: ({ tasks }, { out }) => changedView('Cancelled', tasks, out.style),
  }),
  { verb: 'Cancel', offer: 'cancel' },
);

export const pause = byFilter(
  operationCommand('task.pause', {
    details: 'Stops the agent. Keeps its session if the agent can resume sessions.',
    examples: [
      { words: 'task pause 3', description: 'pause it; "task resume 3" resumes it' },
      { words: 'task pause --filter agent:codex --yes', description: 'the running tasks of an agent, without asking' },
    ],
    json: oneOrMany,
    toJson: oneOrAll,
    view: ({ tasks }, { out }) => changedView('Paused', tasks, out.style),
  }),
  { verb: 'Pause', offer: 'pause' },
);

export const complete = byFilter(
  operationCommand('task.complete', {
    details: 'Works for tasks with an open session, and for tasks that a person finished by hand.',
    examples: [
      { words: 'task complete 3', description: 'accept the result of the agent' },
      { words: 'task complete 3 --result "Fixed by hand"', description: 'set the result' },
      { words: 'task complete --filter is:open', description: 'all tasks with an open session' },
    ],
    json: oneOrMany,
    toJson: oneOrAll,
    view: ({ tasks }, { out }) => changedView('Completed', tasks, out.style),
  }),
  { verb: 'Complete', offer: 'complete' },
);

export const remove = byFilter(
  operationCommand('task.delete', {
    details: `This cannot be undone. Cancel running tasks first. Also removes the worktree; git keeps unmerged changes for 30 days
under a ref, which the command prints.`,
    examples: [
      { words: 'task delete 3 4', description: 'two tasks and their logs' },
      { words: 'task delete --filter "is:cancelled label:spike"', description: 'the tasks of a filter' },
    ],
    json: 'the deleted task, with `kept`; `{ tasks, kept }` if several are given',
    toJson: ({ tasks, kept }) => (tasks.length === 1 ? { ...tasks[0], kept } : { tasks, kept }),
    view: ({ tasks, kept }, { out }) =>
      [changedView('Deleted', tasks, out.style), ...kept.map(sanitizeLine)].join('\n'),
  }),
  { verb: 'Delete' },
);

export const followUp = operationCommand('task.follow-up', {
  details: `A working agent receives the prompt after its turn. A paused task, or one with a closed session, resumes with it. A script
takes no prompts.`,
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
  details: 'The copy is pending for any state of the original. Limits, gate and dependencies are copied, spend is not.',
  examples: [
    { words: 'task clone 3', description: 'the same once more' },
    { words: 'task clone 3 "Fix the logout test" --parts', description: 'with a new title, and its subtasks' },
  ],
  json: 'the new task',
  view: createdView,
});
