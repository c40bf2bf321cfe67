import { operationCommand } from '../command.ts';
import { switchFlag } from '../flags.ts';
import { taskView } from '../views/task.ts';

export const command = operationCommand('task.show', {
  extra: [switchFlag('history', 'Include executions and status changes.')],
  examples: [
    { words: 'task show 3', says: 'by number' },
    { words: 'task show "Fix the login test"', says: 'by title' },
    { words: 'task show 3 --history', says: 'with its executions' },
  ],
  json: 'the task with `changed_files`',
  view: (task, call, { store: { view, folder } }) =>
    taskView(task, { find: (id) => view.dependency(id), children: (id) => view.children(id) }, call.out, {
      history: call.values.history === true,
      folder,
      changedFiles: task.changed_files,
    }),
});
