import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isGuarded } from '../../../../core/policy/rules-files.ts';

/** A path that the model named. */
export interface Place {
  /** Absolute, as named. */
  readonly path: string;
  /** Absolute, with every link resolved as far as it exists. */
  readonly real: string;
  /** False outside of the task's folder, and for files with secrets. */
  readonly isOpen: boolean;
}

export async function placeOf(cwd: string, named: string): Promise<Place> {
  const path = resolve(cwd, named);
  const real = await realPlace(path);
  const way = relative(await realPlace(cwd), real);
  const inside = way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  return { path, real, isOpen: inside && !isGuarded(way.split(sep).join('/'), 'read') };
}

async function realPlace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realPlace(parent), basename(path));
  }
}
