import { lstatSync, type Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Disposable } from '../core/disposable.ts';
import { FolderWatcher } from './file/disk/watcher.ts';
import { checkoutOf } from './outside-worktree.ts';

/** The place of a folder's state, as a path from it with slashes; never a part of anyone's work. */
export const statePath = '.systemprompt/state';

export async function hasStore(folder: string): Promise<boolean> {
  return lstat(join(folder, statePath)).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Calls back soon after a folder may have got a store, and again and again besides: no single event is relied on. */
export function watchForStore(folder: string, changed: () => void): Disposable {
  return new FolderWatcher(folder, (name) => {
    if (name === undefined || name === '.systemprompt') changed();
  });
}

/**
 * The nearest folder upwards that has a store, or undefined. Skips stores of other users above `cwd`: anyone could
 * have put them there. From a task's worktree outside of its folder, the search continues in that folder.
 */
export function nearestStore(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (hasOwnStore(folder, cwd)) return folder;
    const checkout = checkoutOf(folder, cwd);
    if (checkout !== undefined) return storeBetween(checkout.folder, checkout.top);
    if (dirname(folder) === folder) return undefined;
  }
}

function storeBetween(cwd: string, top: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (hasOwnStore(folder, cwd)) return folder;
    if (folder === top || dirname(folder) === folder) return undefined;
  }
}

function hasOwnStore(folder: string, cwd: string): boolean {
  const found = inspect(join(folder, statePath));
  return found?.isDirectory() === true && (folder === cwd || isOurs(found.uid));
}

/** Undefined if the path is missing or unreadable; the error surfaces on use. */
function inspect(path: string): Stats | undefined {
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
