import { sanitizeLine } from '../../core/text/sanitize.ts';
import { standings } from '../../operations/queue/standings.ts';
import { listedRecords } from '../../operations/task/list.ts';
import { viewOf } from '../../store/events.ts';
import { operationCommand } from '../command.ts';
import { switchFlag, textFlag } from '../flags.ts';
import { columnNames } from '../views/task-columns.ts';
import { listView } from '../views/task-list.ts';

export const command = operationCommand('task.list', {
  details:
    'Newest first, unless --sort is given. --filter takes label:, project:, status:, agent:, assignee:, priority:, source:, after: and before:, words, and is: with asking, blocked, cancelled, done, draft, failed, group, needed, open, paused, pending, queued, ready, review, running or waiting, as the filter of the Tasks view in the editor.',
  extra: [
    switchFlag('tree', 'Put subtasks below their parents.'),
    { ...textFlag('columns', 'Columns before the title.', 'names'), list: true, commas: true, choices: columnNames },
  ],
  examples: [
    { words: 'task list', description: 'the newest 50' },
    { words: 'task list --status pending,in_progress --project Web', description: 'open tasks of a project' },
    { words: 'task list --sort priority,created_at --order desc', description: 'highest priority first' },
    {
      words: 'task list --tree --columns number,status,tokens,cost',
      description: 'subtasks below their parents, with the spend',
    },
    { words: 'task list --filter "agent:codex is:blocked"', description: 'blocked tasks of an agent' },
    { words: 'task list --archived', description: 'archived tasks' },
    { words: 'task list --search "login test" --json', description: 'JSON, for programs' },
  ],
  json: '`{ tasks, total, next, cursor }`; `next` is the number of the next page, or null; pass `cursor` to --cursor',
  // The lengths of the logs are not shown, and reading them takes longer than the rest.
  shown: async (host, input) => {
    const { records, ...page } = await listedRecords(host, input);
    return { ...page, tasks: records.map((record) => viewOf(record)) };
  },
  view: async (page, call, host) => {
    const { readOnly } = host.store;
    if (readOnly !== undefined) call.out.note(call.out.noteStyle('yellow', `Read-only: ${sanitizeLine(readOnly)}`));
    const aside = (await host.store.maintenance?.quarantined()) ?? [];
    const files = aside.filter((name) => !name.endsWith('.reason.txt'));
    if (files.length > 0) call.out.note(call.out.noteStyle('yellow', quarantineNote(files)));
    return listView(page, call, { standingOf: await standings(host), size: host.store.view.size });
  },
});

function quarantineNote(files: readonly string[]): string {
  const which = files.length === 1 ? '1 unreadable file is' : `${files.length} unreadable files are`;
  const names = files.slice(0, 3).map(sanitizeLine).join(', ');
  return `${which} in quarantine, with the reason beside it: ${names}${files.length > 3 ? ', …' : ''}`;
}
