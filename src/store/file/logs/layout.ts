import { join, sep } from 'node:path';
import { errorCode, type FileSystem, isMissing, removeIfThere, syncFolder } from '../disk/file-system.ts';

const MAX_ATTEMPTS = 20;

/**
 * The places of the parts of one task's log. Lines are appended to `<id>.jsonl`. A large file becomes a part with a
 * number in the folder `<id>/`, and a new one is started; old parts are compressed. Archived logs have the same form in
 * another place.
 */
export function logFile(root: string, id: string): string {
  return `${root}${sep}${id}.jsonl`;
}

/** Ended parts, the index, and texts that are too long for a line. Only there once there is one of them. */
export function logFolder(root: string, id: string): string {
  return join(root, id);
}

/** The id of the task whose log is appended to in a file of this name; undefined for another file. */
export function logIdOf(name: string): string | undefined {
  return /^([A-Za-z0-9][A-Za-z0-9_-]*)\.jsonl$/.exec(name)?.[1];
}

/** A position combines a part and a byte in it in one number, and remains valid when earlier parts are compressed. */
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
  /** It was moved and has no number yet. */
  readonly ending: boolean;
}

/**
 * Ended parts of a log, oldest first. A part without a number counts as the next one. After a crash, a part can be
 * there twice: plain and compressed, or under its old name and its number. It counts once. A number that a crash gave
 * to a second part does not count.
 */
export async function endedParts(fs: FileSystem, root: string, id: string): Promise<LogPart[]> {
  const folder = logFolder(root, id);
  const names = await partNames(fs, root, id);
  const endings = names.filter(isEnding).sort();
  const plain = new Map<number, LogPart>();
  const parts = new Map<number, LogPart>();
  for (const name of names) {
    const [, digits, suffix] = /^(\d{1,7})\.jsonl(\.gz)?$/.exec(name) ?? [];
    if (digits === undefined) continue;
    const number = Number(digits);
    const part = { number, file: join(folder, name), compressed: suffix !== undefined, ending: false };
    if (fs.lookSync(part.file)?.isFile() === false) continue;
    (part.compressed ? parts : plain).set(number, part);
  }
  const counted = new Set<string>();
  for (const [number, part] of plain) {
    const ending = endings.find((name) => isSameFile(fs, join(folder, name), part.file));
    if (ending !== undefined && parts.has(number)) continue;
    if (ending !== undefined) counted.add(ending);
    parts.set(number, part);
  }
  const ended = [...parts.values()].sort((a, b) => a.number - b.number);
  for (const name of endings) {
    if (counted.has(name)) continue;
    ended.push({ number: (ended.at(-1)?.number ?? -1) + 1, file: join(folder, name), compressed: false, ending: true });
  }
  return ended;
}

/** Whether two names are names of one file. */
export function isSameFile(fs: FileSystem, a: string, b: string): boolean {
  const first = fs.lookSync(a);
  return first !== undefined && first.ino === fs.lookSync(b)?.ino;
}

export function partFile(root: string, id: string, number: number): string {
  return join(logFolder(root, id), `${number}.jsonl`);
}

/** True for a file that received appends until it was moved. */
export function isEnding(name: string): boolean {
  return name.startsWith('ending-') && name.endsWith('.jsonl');
}

/** The names in the folder of a log; none for a link, whose target is not a log of this store. */
export async function partNames(fs: FileSystem, root: string, id: string): Promise<string[]> {
  const folder = logFolder(root, id);
  return fs.lookSync(folder)?.isDirectory() === true ? namesIn(fs, folder) : [];
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
  if ((await partNames(fs, from, id)).length === 0) return;
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

/**
 * Several processes may do this at once, and each may die at any step. A part therefore gets its new name by a link
 * that never replaces, and the folder is only removed when it is empty.
 */
async function moveBehind(fs: FileSystem, from: string, to: string, id: string): Promise<void> {
  const folder = logFolder(from, id);
  for (let attempt = 1; ; attempt += 1) {
    for (const part of await endedParts(fs, from, id)) if (!part.ending) await movePart(fs, part, to, id);
    for (const name of await namesIn(fs, folder)) {
      if (name === 'index.json') await removeIfThere(fs, join(folder, name));
      else if (!/^\d{1,7}\.jsonl(\.gz)?$/.test(name))
        await renameIfThere(fs, join(folder, name), join(logFolder(to, id), name));
    }
    try {
      await fs.rm(join(logFolder(to, id), 'index.json'), { force: true });
      await fs.rmdir(folder);
      return;
    } catch (error) {
      if (isMissing(error)) return;
      if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '') || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

async function movePart(fs: FileSystem, part: LogPart, to: string, id: string): Promise<void> {
  for (;;) {
    const there = await endedParts(fs, to, id);
    if (!there.some(({ file }) => isSameFile(fs, file, part.file))) {
      const number = (there.at(-1)?.number ?? -1) + 1;
      try {
        await fs.link(part.file, `${partFile(to, id, number)}${part.compressed ? '.gz' : ''}`);
      } catch (error) {
        if (isMissing(error)) return;
        if (errorCode(error) !== 'EEXIST') throw error;
        continue;
      }
    }
    return removeIfThere(fs, part.file);
  }
}

async function renameIfThere(fs: FileSystem, from: string, to: string): Promise<void> {
  try {
    await fs.rename(from, to);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
