import { join } from 'node:path';
import { errorCode, type FileSystem, isMissing, syncFolder } from '../disk/file-system.ts';

/**
 * Where the parts of one task's log are. Lines are appended to `<id>.jsonl`. When that has grown, it becomes a part
 * with a number in the folder `<id>/` and a new one is begun; old parts are compressed. Archived logs have the same
 * form in another place.
 */
export function logFile(root: string, id: string): string {
  return join(root, `${id}.jsonl`);
}

/** Ended parts, the index, and texts that are too long for a line. Only there once there is one of them. */
export function logFolder(root: string, id: string): string {
  return join(root, id);
}

/** The id of the task whose log is appended to in a file of this name; undefined for another file. */
export function logIdOf(name: string): string | undefined {
  return /^([A-Za-z0-9][A-Za-z0-9_-]*)\.jsonl$/.exec(name)?.[1];
}

/** A position names a part and a byte in it, in one number: it stays right when parts before it are compressed. */
const SPAN = 2 ** 32;

export interface Place {
  readonly part: number;
  readonly offset: number;
}

export function positionOf({ part, offset }: Place): number {
  return part * SPAN + offset;
}

export function placeOf(position: number): Place {
  const part = Math.floor(position / SPAN);
  return { part, offset: position - part * SPAN };
}

/** A file with a stretch of a log. */
export interface LogPart {
  readonly number: number;
  readonly file: string;
  readonly compressed: boolean;
  /** It was taken out of the way and has no number of its own yet. */
  readonly ending: boolean;
}

/**
 * Ended parts of a log, oldest first. One that was taken out of the way and has no number yet counts as the next one.
 * A part that is there plain and compressed was being compressed when the process died: the plain one counts.
 */
export async function endedParts(fs: FileSystem, root: string, id: string): Promise<LogPart[]> {
  const folder = logFolder(root, id);
  const names = await namesIn(fs, folder);
  const parts = new Map<number, LogPart>();
  for (const name of names) {
    const [, digits, suffix] = /^(\d{1,7})\.jsonl(\.gz)?$/.exec(name) ?? [];
    if (digits === undefined) continue;
    const number = Number(digits);
    if (suffix !== undefined && parts.get(number)?.compressed === false) continue;
    parts.set(number, { number, file: join(folder, name), compressed: suffix !== undefined, ending: false });
  }
  const ended = [...parts.values()].sort((a, b) => a.number - b.number);
  for (const name of names.filter(isEnding).sort()) {
    ended.push({ number: (ended.at(-1)?.number ?? -1) + 1, file: join(folder, name), compressed: false, ending: true });
  }
  return ended;
}

export function partFile(root: string, id: string, number: number): string {
  return join(logFolder(root, id), `${number}.jsonl`);
}

/** True for a file that was appended to until it was taken out of the way. */
export function isEnding(name: string): boolean {
  return name.startsWith('ending-') && name.endsWith('.jsonl');
}

export async function namesIn(fs: FileSystem, folder: string): Promise<string[]> {
  try {
    return await fs.readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Removes all of a log. Can be done twice. */
export async function removeLog(fs: FileSystem, root: string, id: string): Promise<void> {
  await fs.rm(logFile(root, id), { force: true });
  await fs.rm(logFolder(root, id), { recursive: true, force: true });
}

/** Moves the ended parts of a log to another place; where there are some already, behind them. Can be done again. */
export async function moveLog(fs: FileSystem, from: string, to: string, id: string): Promise<void> {
  const folder = logFolder(from, id);
  if ((await namesIn(fs, folder)).length === 0) return;
  await fs.mkdir(to, { recursive: true });
  try {
    await fs.rename(folder, logFolder(to, id));
  } catch (error) {
    // Another process has moved it.
    if (isMissing(error)) return;
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(errorCode(error) ?? '')) throw error;
    await moveBehind(fs, from, to, id);
  }
  await syncFolder(fs, to);
}

async function moveBehind(fs: FileSystem, from: string, to: string, id: string): Promise<void> {
  let number = (await endedParts(fs, to, id)).at(-1)?.number ?? -1;
  for (const part of await endedParts(fs, from, id)) {
    number += 1;
    await fs.rename(part.file, `${partFile(to, id, number)}${part.compressed ? '.gz' : ''}`);
  }
  for (const name of await namesIn(fs, logFolder(from, id))) {
    if (name !== 'index.json') await fs.rename(join(logFolder(from, id), name), join(logFolder(to, id), name));
  }
  await fs.rm(join(logFolder(to, id), 'index.json'), { force: true });
  await fs.rm(logFolder(from, id), { recursive: true, force: true });
}
