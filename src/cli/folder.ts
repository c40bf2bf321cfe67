import { statSync } from 'node:fs';
import { resolve } from 'node:path';
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
