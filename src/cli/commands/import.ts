import { resolve } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import { operationStep, textStep } from '../../core/next-step.ts';
import { sanitizeLine, sanitizeText } from '../../core/text/sanitize.ts';
import { operationCommand } from '../command.ts';
import { textFlag } from '../flags.ts';
import { planView } from '../views/plan.ts';
import { writeFolder } from '../write-folder.ts';
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
    { words: 'export --to backlog --output backlog', description: 'write the task files of Backlog.md' },
  ],
  extra: [
    textFlag('output', 'Write the files of backlog or claude-tasks into this folder, which is new or empty.', 'folder'),
  ],
  json: '`{ format, tasks, text, files, notes }`; tasks is their number; `files` has `{ name, text }` for backlog and claude-tasks',
  view: async ({ format, text, files, notes }, { out, values }) => {
    for (const note of notes) out.note(note);
    const { output } = values;
    if (typeof output === 'string') {
      if (files.length === 0) throw noFiles(format);
      const folder = resolve(output);
      await writeFolder(folder, files);
      return `Wrote ${files.length === 1 ? '1 file' : `${files.length} files`} into ${sanitizeLine(folder)}.`;
    }
    if (files.length > 0) throw needsFolder(format);
    return sanitizeText(text).trimEnd();
  },
});

function needsFolder(format: string): TaskError {
  return new TaskError('InvalidInput', `The format ${format} has a file for each task.`, {
    next: [textStep(`Name a new folder for them, such as --output ${format}.`)],
  });
}

function noFiles(format: string): TaskError {
  return new TaskError('InvalidInput', `The format ${format} is one text, for which there is no folder.`, {
    next: [operationStep('Print it', 'export', { to: format })],
  });
}
