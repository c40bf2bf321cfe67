import * as fsp from 'node:fs/promises';

/**
 * The part of the file system that the store writes with. Tests put a failing one in its place, to let every write,
 * sync and rename fail in turn.
 */
export type FileSystem = Pick<
  typeof fsp,
  | 'open'
  | 'rename'
  | 'link'
  | 'unlink'
  | 'rm'
  | 'mkdir'
  | 'readdir'
  | 'readFile'
  | 'writeFile'
  | 'stat'
  | 'lstat'
  | 'copyFile'
>;

export const nodeFileSystem: FileSystem = fsp;

export function isMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

export function errorCode(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}

/** Makes entries of a folder durable. Not every platform can; where it cannot, the rename itself is ordered. */
export async function syncFolder(fs: FileSystem, folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await fs.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
