import { sanitizeText } from '../../core/text/sanitize.ts';
import { operationCommand } from '../command.ts';
import { planView } from '../views/plan.ts';
import { planJson } from './plan.ts';

export const importCommand = operationCommand('import', {
  details: `Reads Task Master, Backlog.md, beads, Claude Code task lists, Spec Kit, Kiro, OpenSpec, Markdown checklists, JSON and CSV.
Importing again updates the imported tasks by their id in the other tool. Imported tasks do not start.`,
  examples: [
    { words: 'import .taskmaster/tasks/tasks.json --dry-run', description: 'preview the tasks of Task Master' },
    { words: 'import .beads/issues.jsonl', description: 'import the issues of beads' },
  ],
  json: planJson.replace('{ applied', '{ format, applied'),
  hasFailed: ({ problems }) => problems.length > 0,
  view: (output, { out }) => planView(output, out.style, false),
});

export const exportCommand = operationCommand('export', {
  details: 'Prints the tasks without runs, logs and history. "docs/import.md" lists the fields that each format keeps.',
  examples: [
    { words: 'export > tasks.json', description: 'save every task with all planned fields' },
    { words: 'export --to markdown --project Shop', description: 'print the tasks of a project as a checklist' },
  ],
  json: '`{ format, tasks, text, notes }`; tasks is their number',
  view: ({ text, notes }, { out }) => {
    for (const note of notes) out.note(note);
    return sanitizeText(text).trimEnd();
  },
});
