import { taskLink } from '../../core/task/task-link.ts';
import { standings } from '../../operations/queue/standings.ts';
import { operationCommand } from '../command.ts';
import { switchFlag } from '../flags.ts';
import { taskView } from '../views/task.ts';

export const command = operationCommand('task.show', {
  extra: [
    switchFlag('history', 'Include executions and status changes.'),
    switchFlag('web', 'Print a link that opens the task in VS Code.'),
  ],
  examples: [
    { words: 'task show 3', description: 'by number' },
    { words: 'task show "Fix the login test"', description: 'by title' },
    { words: 'task show 3 --history', description: 'with its executions' },
    { words: 'task show 3 --web', description: 'a link to its page in VS Code' },
  ],
  json: 'the task with `changed_files`',
  async view(task, call, host) {
    const { view, folder } = host.store;
    if (call.values.web === true) return taskLink(task.number, folder);
    const standing = (await standings(host))(task);
    const around = { find: (id: string) => view.dependency(id), children: (id: string) => view.children(id), standing };
    return taskView(task, around, call.out, {
      history: call.values.history === true,
      folder,
      changedFiles: task.changed_files,
    });
  },
});
