import { createHash } from 'node:crypto';
import { lstat, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { stateFolder } from '../../machine-folder.ts';
import type { FileSystem } from '../disk/file-system.ts';
import { copyPlace } from '../disk/key-place.ts';
import type { Layout } from '../disk/layout.ts';

/** A place outside of the work tree for the copy of a store's tasks. */
export interface CopyPlace {
  readonly file: string;
  /** False where the key of the store may be lost together with the store, so that no signature can be checked. */
  readonly isSigned: boolean;
}

/** The folder of the account for copies of stores outside of a repository. */
export function copiesFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return join(stateFolder(env), 'copies');
}

/**
 * Below the git folder, else below `home`, by the path of the folder. Undefined without a home, and for temporary folders,
 * of which each would leave a file for months.
 */
export async function placeOfCopy(
  fs: FileSystem,
  layout: Layout,
  home: string | undefined,
): Promise<CopyPlace | undefined> {
  const inGit = await copyPlace(fs, layout);
  if (inGit !== undefined) return { file: inGit, isSigned: true };
  if (home === undefined) return undefined;
  const folder = await realOf(dirname(layout.root));
  if (home === copiesFolder() && folder.startsWith(`${await realOf(tmpdir())}${sep}`)) return undefined;
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 32);
  return { file: join(home, `${name}.tasks`), isSigned: false };
}

/** False for a copy that another user of the machine could have written. */
export async function isPrivate(file: string): Promise<boolean> {
  if (process.platform === 'win32') return true;
  const own = process.getuid?.();
  const looks = await Promise.all([file, dirname(file)].map((path) => lstat(path).catch(() => undefined)));
  return looks.every((look) => look !== undefined && look.uid === own && (look.mode & 0o022) === 0);
}

function realOf(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
