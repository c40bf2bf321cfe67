import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { TaskError } from '../core/errors.ts';
import { textStep } from '../core/next-step.ts';
import { nearestStore } from '../store/discovery.ts';

/**
 * The folder that a command works on: the one that `-C` names, else the nearest folder upwards that has tasks, else the
 * current folder. So commands work in subfolders and in the worktrees of tasks.
 *
 * @throws TaskError `InvalidInput` if `-C` names no folder
 */
export function workspaceFolder(cwd: string, directory: string | undefined): string {
  if (directory === undefined) return nearestStore(cwd) ?? cwd;
  const folder = resolve(cwd, directory);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new TaskError('InvalidInput', `${folder} is not a folder.`, {
      next: [textStep('Name an existing folder with -C.')],
    });
  }
  return folder;
}

/**
 * The repository of its own, inside of `folder`, in which a command was called; undefined in the repository of `folder` and
 * in the worktrees of its tasks.
 */
export function nestedRepository(cwd: string, folder: string): string | undefined {
  const worktrees = join(folder, '.systemprompt') + sep;
  for (let inner = cwd; inner.startsWith(folder + sep) && !inner.startsWith(worktrees); inner = dirname(inner)) {
    if (existsSync(join(inner, '.git'))) return inner;
  }
  return undefined;
}
