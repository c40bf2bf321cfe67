import { oneOrAll, operationCommand } from '../command.ts';
import { changedView, taskName } from '../views/changed.ts';

export const archive = operationCommand('task.archive', {
  details: `Only tasks that are completed, failed or cancelled. They keep their number and log; "task show" and "task logs" find
them as before, and tasks that depend on them go on.`,
  examples: [
    { words: 'task archive 3 4', says: 'two tasks' },
    { words: 'task archive --older-than 30d', says: 'what ended more than 30 days ago' },
    { words: 'task archive --older-than 30d --dry-run', says: 'which ones that would be' },
  ],
  json: '`{ tasks, dry_run }`, each task with id, number, title and status',
  view: ({ tasks, dry_run: dryRun }) => {
    if (tasks.length === 0) return 'There is nothing to archive.';
    return tasks.map((task) => `${dryRun ? 'Would archive' : 'Archived'} ${taskName(task)}`).join('\n');
  },
});

export const unarchive = operationCommand('task.unarchive', {
  examples: [{ words: 'task unarchive 3', says: 'bring it back' }],
  json: 'the task; `{ tasks }` when several are named',
  toJson: oneOrAll,
  view: ({ tasks }, { out }) => changedView('Brought back', tasks, out.style),
});
