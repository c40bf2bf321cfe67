import { isUtf8 } from 'node:buffer';
import {
  closeSync,
  constants,
  copyFile,
  fstatSync,
  link,
  lstatSync,
  mkdirSync,
  openSync,
  type RmOptions,
  readdir,
  readdirSync,
  readFile,
  readSync,
  realpathSync,
  rename,
  renameSync,
  rm,
  rmdir,
  type Stats,
  statSync,
  unlink,
  writeFile,
  writeSync,
} from 'node:fs';
import { join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { TaskError } from '../../../core/errors.ts';
import { textStep } from '../../../core/next-step.ts';
import { makeFolders } from '../../make-folders.ts';
import { DiskFile } from './disk-file.ts';

/**
 * The part of the file system that the store works with. Tests put a failing one in its place, to let every write, sync
 * and rename fail in turn.
 */
export interface FileSystem {
  /** @param flags by default `r` */
  open(file: string, flags?: string | number, mode?: number): Promise<DiskFile>;
  rename(from: string, to: string): Promise<void>;
  link(existing: string, file: string): Promise<void>;
  unlink(file: string): Promise<void>;
  rm(path: string, options?: RmOptions): Promise<void>;
  rmdir(folder: string): Promise<void>;
  mkdir(folder: string, options?: { readonly recursive?: boolean }): Promise<void>;
  readdir(folder: string): Promise<string[]>;
  readFile(file: string, encoding: 'utf8'): Promise<string>;
  writeFile(file: string, data: string, options?: { readonly flag?: string }): Promise<void>;
  stat(path: string): Promise<Stats>;
  lstat(path: string): Promise<Stats>;
  realpath(path: string): Promise<string>;
  copyFile(from: string, to: string): Promise<void>;
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
}

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

/** Largest folder, in bytes, that is read synchronously: about a thousand names. Some systems report 0 for every folder. */
const SHORT_FOLDER = 64 * 1024;

/** Reads facts and short folders synchronously: another thread would cost more (see `DiskFile`). */
export const nodeFileSystem: FileSystem = {
  open: (file, flags = 'r', mode = FILE_MODE) => DiskFile.open(file, flags, mode),
  rename: promisify(rename),
  link: promisify(link),
  unlink: promisify(unlink),
  rm: promisify(rm) as FileSystem['rm'],
  rmdir: promisify(rmdir) as FileSystem['rmdir'],
  mkdir: async (folder, options) => {
    // The recursive form of Node never ends on some systems.
    if (options?.recursive === true) await makeFolders(folder);
    else mkdirSync(folder, { mode: FOLDER_MODE });
  },
  readdir: namesIn,
  readFile: promisify(readFile),
  writeFile: (file, data, options) => promisify(writeFile)(file, data, { mode: FILE_MODE, ...options }),
  stat: async (path) => statSync(path),
  lstat: async (path) => lstatSync(path),
  realpath: async (path) => realpathSync.native(path),
  copyFile: promisify(copyFile) as FileSystem['copyFile'],
  readRegularSync,
  lookSync,
  writeNewSync,
  renameSync,
};

async function namesIn(folder: string): Promise<string[]> {
  const { size } = statSync(folder);
  return size > 0 && size <= SHORT_FOLDER ? readdirSync(folder) : promisify(readdir)(folder);
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
  // Another process may append to a log as soon as it is there: a write at a position would overwrite its lines.
  const handle = openSync(file, 'ax', FILE_MODE);
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
