import { lstatSync, type Stats, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { TaskError } from '../core/errors.ts';

/**
 * The workspace folder that a command works on. `-C` names it. Without it, it is the nearest folder upwards that holds
 * tasks, so that commands work in subfolders and in the worktrees of tasks; when there is none, the current one. A
 * folder of tasks that belongs to somebody else is passed over: it could have been put above ours by anyone.
 *
 * @throws TaskError `InvalidInput` for a folder that is none
 */
export function workspaceFolder(cwd: string, directory: string | undefined): string {
  if (directory === undefined) return nearestStore(cwd) ?? cwd;
  const folder = resolve(cwd, directory);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new TaskError('InvalidInput', `${folder} is not a folder.`, { hint: 'Name an existing folder with -C.' });
  }
  return folder;
}

function nearestStore(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const found = look(join(folder, '.systemprompt', 'state'));
    if (found?.isDirectory() === true && (folder === cwd || isOurs(found.uid))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Undefined for what is not there or may not be looked at; what is wrong with it is said when it is used. */
function look(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

function isOurs(uid: number): boolean {
  const own = process.getuid?.();
  return own === undefined || own === uid;
}
