import { standings } from '../../operations/queue/standings.ts';
import { operationCommand } from '../command.ts';
import { listView } from '../views/task-list.ts';

export const command = operationCommand('task.list', {
  details: 'Newest first, unless --sort is given.',
  examples: [
    { words: 'task list', says: 'the newest 50' },
    { words: 'task list --status pending,in_progress --project Web', says: 'open tasks of a project' },
    { words: 'task list --sort priority,created_at --order desc', says: 'highest priority first' },
    { words: 'task list --archived', says: 'archived tasks' },
    { words: 'task list --search "login test" --json', says: 'JSON, for programs' },
  ],
  json: '`{ tasks, total, next, cursor }`; `next` is the number of the next page, or null; pass `cursor` to --cursor',
  view: async (page, call, host) =>
    listView(page, call, { standingOf: await standings(host), size: host.store.view.size }),
});
