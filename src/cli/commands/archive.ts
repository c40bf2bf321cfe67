import { oneOrAll, operationCommand } from '../command.ts';
import { changedView, taskName } from '../views/changed.ts';

export const archive = operationCommand('task.archive', {
  details: `Archives completed, failed and cancelled tasks. They keep their number and log, and stay available to "task show",
"task logs" and dependent tasks.`,
  examples: [
    { words: 'task archive 3 4', description: 'two tasks' },
    { words: 'task archive --older-than 30d', description: 'tasks that ended more than 30 days ago' },
    { words: 'task archive --older-than 30d --dry-run', description: 'list them without archiving' },
  ],
  json: '`{ tasks, dry_run }`, each task with id, number, title and status',
  view: ({ tasks, dry_run: dryRun }) => {
    if (tasks.length === 0) return 'There is nothing to archive.';
    return tasks.map((task) => `${dryRun ? 'Would archive' : 'Archived'} ${taskName(task)}`).join('\n');
  },
});

export const unarchive = operationCommand('task.unarchive', {
  examples: [{ words: 'task unarchive 3', description: 'restore it' }],
  json: 'the task; `{ tasks }` if several are given',
  toJson: oneOrAll,
  view: ({ tasks }, { out }) => changedView('Brought back', tasks, out.style),
});
