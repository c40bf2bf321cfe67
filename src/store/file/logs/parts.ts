import { join } from 'node:path';
import type { FileSystem } from '../disk/file-system.ts';
import { logFolder, namesIn } from './layout.ts';

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
  const inodeOf = (name: string): number | undefined => fs.lookSync(join(folder, name))?.ino;
  const ending = new Set(endings.map(inodeOf));
  const plain = new Map<number, LogPart & { readonly ino: number }>();
  const parts = new Map<number, LogPart>();
  for (const name of names) {
    const [, digits, suffix] = /^(\d{1,7})\.jsonl(\.gz)?$/.exec(name) ?? [];
    if (digits === undefined) continue;
    const number = Number(digits);
    const part = { number, file: join(folder, name), compressed: suffix !== undefined, ending: false };
    const look = fs.lookSync(part.file);
    if (look?.isFile() === false) continue;
    if (part.compressed) parts.set(number, part);
    else plain.set(number, { ...part, ino: look?.ino ?? 0 });
  }
  const counted = new Set<number | undefined>();
  for (const [number, { ino, ...part }] of plain) {
    if (ending.has(ino) && parts.has(number)) continue;
    counted.add(ino);
    parts.set(number, part);
  }
  const ended = [...parts.values()].sort((a, b) => a.number - b.number);
  for (const name of endings) {
    const ino = inodeOf(name);
    // A part can have two names for a moment.
    if (ino !== undefined && counted.has(ino)) continue;
    counted.add(ino);
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
