import { operationCommand } from '../command.ts';
import { listView } from '../views/task-list.ts';

export const command = operationCommand('task.list', {
  details: 'The newest come first unless --sort says otherwise.',
  examples: [
    { words: 'task list', says: 'the newest 50' },
    { words: 'task list --status pending,in_progress --project Web', says: 'what is open in a project' },
    { words: 'task list --sort priority,created_at --order desc', says: 'the most urgent first' },
    { words: 'task list --archived', says: 'what was archived' },
    { words: 'task list --search "login test" --json', says: 'for a program' },
  ],
  json: '`{ tasks, total, next, cursor }`; `next` is the number of the next page, null after the last; `cursor` is for --cursor',
  view: (page, call, host) => listView(page, call, host.store.view),
});
