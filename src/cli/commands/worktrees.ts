import { operationCommand } from '../command.ts';
import { diffView, discardedView, mergedView, worktreesView } from '../views/worktrees.ts';

export const diff = operationCommand('task.diff', {
  details: `Compares the worktree with the commit it started from, including uncommitted changes. Characters that do not
print are shown as their codes, such as \\u{001b}; --json has the text as it is.`,
  examples: [
    { words: 'task diff 3', description: 'show the patch' },
    { words: 'task diff 3 --stat', description: 'show files and line counts' },
    { words: 'task diff 3 --file src/app.js', description: 'show one file' },
  ],
  json: '`{ id, number, title, branch, base, files, patch, worktree, sides }`',
  view: (output, { values }) => diffView(output, values['stat'] === true),
});

export const merge = operationCommand('task.merge', {
  details: `Never touches files that you have changed. If the merge needs one of them, or both sides changed the same lines, the
command changes nothing and lists the files. Your commit hooks run on the commit, which is signed where commit.gpgSign
asks for it. Several tasks are merged in the order of their dependencies. If one cannot be merged, the merged ones remain,
and the command lists the others.`,
  examples: [
    { words: 'task merge 3', description: 'merge with its commits' },
    { words: 'task merge 3 --squash --message "Fix the login test"', description: 'merge as one commit' },
    { words: 'task merge 3 --with-dependencies', description: 'merge the tasks on which it builds first' },
    { words: 'task merge 3 4 5', description: 'merge several tasks' },
    { words: 'task merge 3 --with-dependencies --dry-run', description: 'list the tasks in the order of their merges' },
    { words: 'task merge 3 --patch', description: 'apply as uncommitted changes, even to files that you have changed' },
  ],
  json: '`{ task, files, commit, kept, before, remaining, stopped }`',
  view: (output, { values }) => mergedView(output, values['dryRun'] === true),
});

export const discard = operationCommand('task.discard', {
  details: 'Git keeps the changes for 30 days under a ref, which the command prints.',
  examples: [
    { words: 'task discard 3', description: 'list the changes to be lost' },
    { words: 'task discard 3 --yes', description: 'discard the changes' },
  ],
  json: '`{ task, files, ref }`',
  view: (output) => discardedView(output),
});

export const list = operationCommand('worktrees', {
  details: 'Worktrees with changes that are neither merged nor discarded are never removed.',
  examples: [
    { words: 'worktrees', description: 'list worktrees and their disk use' },
    { words: 'worktrees --clean', description: 'remove worktrees that are no longer needed' },
  ],
  json: '`{ worktrees, bytes, quota, removed, stopped }`',
  view: (output) => worktreesView(output),
});
