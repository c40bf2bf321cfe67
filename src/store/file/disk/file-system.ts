import { isUtf8 } from 'node:buffer';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  type MakeDirectoryOptions,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import * as fsp from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { TaskError } from '../../../core/errors.ts';
import { textStep } from '../../../core/next-step.ts';
import { makeFolders } from '../../make-folders.ts';

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
  | 'rmdir'
  | 'mkdir'
  | 'readdir'
  | 'readFile'
  | 'writeFile'
  | 'stat'
  | 'lstat'
  | 'realpath'
  | 'copyFile'
> & {
  /**
   * Reads a small file synchronously: for thousands of files, awaiting each step costs more than the reading. Follows
   * no link and opens only regular files.
   */
  readRegularSync(file: string, mostBytes: number): RegularFile;
  /** The facts of a file, synchronous for the same reason; undefined if it is missing. A link is not followed. */
  lookSync(file: string): FileLook | undefined;
  /**
   * Writes a small new file at once, not synced, and returns its facts. For thousands of files that the journal can
   * bring back: each step that is waited for costs several times as much CPU as the step.
   */
  writeNewSync(file: string, bytes: Buffer): FileLook;
  renameSync(from: string, to: string): void;
};

/** Identifies a file that was not written in the meantime. */
export interface FileLook {
  readonly ino: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly birthtimeMs: number;
  readonly size: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

export type RegularFile =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'large' }
  /** Not UTF-8: decoding would change the content. */
  | { readonly kind: 'binary' }
  /** A folder, a link, a device. */
  | { readonly kind: 'other' };

/** Files of the store are private to the user, because they contain instructions, outputs and approvals. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

export const nodeFileSystem: FileSystem = {
  ...fsp,
  open: (file, flags, mode = FILE_MODE) => fsp.open(file, flags, mode),
  mkdir: mkdirOnce as typeof fsp.mkdir,
  writeFile: ((file: string, data: string, options?: { flag?: string }) =>
    fsp.writeFile(file, data, { mode: FILE_MODE, ...options })) as typeof fsp.writeFile,
  readRegularSync,
  lookSync,
  writeNewSync,
  renameSync,
};

/** As `mkdir`; the recursive form ends where that of Node never does. */
async function mkdirOnce(folder: string, options?: MakeDirectoryOptions): Promise<undefined> {
  if (options?.recursive === true) await makeFolders(folder);
  else await fsp.mkdir(folder, { mode: FOLDER_MODE, ...options });
}

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

function lookSync(file: string): FileLook | undefined {
  try {
    // An error that is only caught costs more than the call.
    return lstatSync(file, { throwIfNoEntry: false });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function readRegularSync(file: string, mostBytes: number): RegularFile {
  // Without O_NOFOLLOW, links are detected before opening.
  if (O_NOFOLLOW === undefined && !lstatSync(file).isFile()) return { kind: 'other' };
  let handle: number;
  try {
    // Opening a pipe would wait for its other end.
    handle = openSync(file, O_RDONLY | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0));
  } catch (error) {
    if (['ELOOP', 'EMLINK', 'ENXIO'].includes(errorCode(error) ?? '')) return { kind: 'other' };
    throw error;
  }
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile()) return { kind: 'other' };
    if (stat.size > mostBytes) return { kind: 'large' };
    const bytes = readAll(handle, stat.size);
    if (!isUtf8(bytes)) return { kind: 'binary' };
    // Some editors begin a file with a mark of its encoding.
    const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    return { kind: 'text', text: bytes.toString('utf8', marked ? 3 : 0) };
  } finally {
    closeSync(handle);
  }
}

function writeNewSync(file: string, bytes: Buffer): FileLook {
  const handle = openSync(file, 'wx', FILE_MODE);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done, bytes.length - done);
    return fstatSync(handle);
  } finally {
    closeSync(handle);
  }
}

function readAll(handle: number, size: number): Buffer {
  const buffer = Buffer.allocUnsafe(size);
  let length = 0;
  while (length < size) {
    const read = readSync(handle, buffer, length, size - length, length);
    if (read === 0) break;
    length += read;
  }
  return buffer.subarray(0, length);
}

export function isMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

export function errorCode(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}

/**
 * Creates a folder and its parents below `top`, which must exist: a folder that was removed as a whole must not be
 * recreated empty by a process that is still writing to it.
 *
 * @throws TaskError `StoreNotWritable` for a link on the path, because its target is not trusted
 */
export async function makeFolder(fs: Pick<FileSystem, 'mkdir' | 'lstat'>, top: string, folder: string): Promise<void> {
  let path = top;
  for (const step of relative(top, folder).split(sep)) {
    path = join(path, step);
    try {
      await fs.mkdir(path);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
      if ((await fs.lstat(path)).isSymbolicLink()) throw isLink(path);
    }
  }
}

function isLink(path: string): TaskError {
  return new TaskError('StoreNotWritable', `${path} is a link. Links below .systemprompt are not followed.`, {
    next: [textStep('Put a folder in its place.')],
  });
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

export async function removeIfThere(fs: Pick<FileSystem, 'unlink'>, file: string): Promise<void> {
  try {
    await fs.unlink(file);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
