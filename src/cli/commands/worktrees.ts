import { operationCommand } from '../command.ts';
import { diffView, discardedView, mergedView, worktreesView } from '../views/worktrees.ts';

export const diff = operationCommand('task.diff', {
  details: 'Against what the task began with, with what is not committed yet.',
  examples: [
    { words: 'task diff 3', says: 'the changes' },
    { words: 'task diff 3 --stat', says: 'the files, and how many lines' },
    { words: 'task diff 3 --file src/app.js', says: 'one file' },
  ],
  json: '`{ id, number, title, branch, base, files, patch, worktree, sides }`',
  view: (output, { values }) => diffView(output, values['stat'] === true),
});

export const merge = operationCommand('task.merge', {
  details: `Works while you have changes of your own: files that you have changed are never touched. When the merge needs
one of them, or both sides changed the same lines, nothing is done and the files are named.`,
  examples: [
    { words: 'task merge 3', says: 'with its commits' },
    { words: 'task merge 3 --squash --message "Fix the login test"', says: 'as one commit' },
    { words: 'task merge 3 --patch', says: 'as changes in your files, also in those that you have changed' },
  ],
  json: '`{ task, files, commit, kept }`',
  view: (output) => mergedView(output),
});

export const discard = operationCommand('task.discard', {
  details: 'Git keeps everything for 30 days under a name that is printed.',
  examples: [
    { words: 'task discard 3', says: 'what would be lost' },
    { words: 'task discard 3 --yes', says: 'do it' },
  ],
  json: '`{ task, files, ref }`',
  view: (output) => discardedView(output),
});

export const list = operationCommand('worktrees', {
  details: 'Those with work that is neither merged nor discarded are never removed.',
  examples: [
    { words: 'worktrees', says: 'what there is, and how large' },
    { words: 'worktrees --clean', says: 'remove what was left behind' },
  ],
  json: '`{ worktrees, bytes, quota, removed }`',
  view: (output) => worktreesView(output),
});
