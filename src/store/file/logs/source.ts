import { constants } from 'node:fs';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { DiskFile } from '../disk/disk-file.ts';
import { errorCode, type FileSystem, isMissing } from '../disk/file-system.ts';
import { logFile } from './layout.ts';
import { isObstacle } from './obstacle.ts';
import { endedParts, type LogPart } from './parts.ts';
import { findSeal } from './seal.ts';
import type { WrittenFiles, WrittenStart } from './written.ts';

/** Larger than any part that the store makes; a compressed file that unfolds to more is foreign. */
const MAX_PART = 256 * 1024 * 1024;
const ATTEMPTS = 50;
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** One part, to be read anywhere. */
export interface PartSource {
  readonly size: number;
  /** No line follows: a writer that opened the file before it was ended appends to it until it has a seal. */
  readonly isSealed: boolean;
  /** If this process wrote it: its entries need not be counted. */
  readonly written?: WrittenStart | undefined;
  /** Fills the buffer from an offset. @returns how many bytes there were */
  read(buffer: Buffer, offset: number): Promise<number>;
}

export interface OpenPart extends LogPart {
  /** The part that lines are still appended to. */
  readonly live: boolean;
  open(): Promise<PartSource>;
}

/** The parts of a log as they were at one moment, oldest first. */
export interface OpenLog {
  readonly parts: readonly OpenPart[];
  close(): Promise<void>;
}

/** Facts about parts that cost a reading of the whole part: pages of one follow each other. */
export class PartCache {
  /** The decompressed part that was read last. */
  file = '';
  data: Buffer | undefined;
  /** The end of the lines that count in ended plain parts, by file, inode and size. */
  readonly ends = new Map<string, number>();
  readonly written: WrittenFiles | undefined;

  constructor(written?: WrittenFiles) {
    this.written = written;
  }
}

const KNOWN_ENDS = 1_000;

/**
 * Opens a log. The live file is opened before the folder of ended parts is listed. If it became an ended part in
 * between, it is read as that part only; if that is unknown, the read starts over. So no stretch is read twice
 * or not at all.
 */
export async function openLog(
  fs: FileSystem,
  root: string,
  id: string,
  cache: PartCache,
): Promise<OpenLog | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    let live = await openIfThere(fs, logFile(root, id));
    let ended: LogPart[];
    try {
      ended = await endedParts(fs, root, id);
      if (ended.length > 0 && !(await isStill(fs, logFile(root, id), live))) {
        const isListed = live !== undefined && (await isAmong(fs, ended, live));
        if (!isListed && attempt < ATTEMPTS) {
          await live?.close();
          continue;
        }
        if (isListed) {
          await live?.close();
          live = undefined;
        }
      }
    } catch (error) {
      await live?.close();
      throw error;
    }
    if (live === undefined && ended.length === 0) return undefined;
    return opened(fs, root, id, live, ended, cache);
  }
}

async function isAmong(fs: FileSystem, parts: readonly LogPart[], handle: DiskFile): Promise<boolean> {
  const { ino } = await handle.stat();
  for (const { file, compressed } of parts.toReversed()) {
    if (!compressed && fs.lookSync(file)?.ino === ino) return true;
  }
  return false;
}

function opened(
  fs: FileSystem,
  root: string,
  id: string,
  live: DiskFile | undefined,
  parts: readonly LogPart[],
  cache: PartCache,
): OpenLog {
  const handles: DiskFile[] = live === undefined ? [] : [live];
  const open: OpenPart[] = parts.map((part) => ({
    ...part,
    live: false,
    open: async () => {
      if (part.compressed) return unfold(fs, part.file, cache);
      const handle = await openIfThere(fs, part.file);
      // It was compressed since the folder was listed.
      if (handle === undefined) return unfold(fs, `${part.file}.gz`, cache);
      handles.push(handle);
      return ended(handle, part.file, cache);
    },
  }));
  if (live !== undefined) {
    const number = (parts.at(-1)?.number ?? -1) + 1;
    open.push({
      number,
      file: logFile(root, id),
      compressed: false,
      ending: false,
      live: true,
      open: () => liveSource(fs, logFile(root, id), live, cache),
    });
  }
  return {
    parts: open,
    close: async () => {
      for (const handle of handles) await handle.close();
    },
  };
}

/** The size is read first: while a file is the live one, no byte up to its size is behind a seal. */
async function liveSource(fs: FileSystem, file: string, handle: DiskFile, cache: PartCache): Promise<PartSource> {
  const stats = await handle.stat();
  return fs.lookSync(file)?.ino === stats.ino
    ? plain(handle, stats.size, cache.written?.startOf(stats))
    : ended(handle, file, cache);
}

/** An ended part, up to its seal if it has one. */
async function ended(handle: DiskFile, file: string, cache: PartCache): Promise<PartSource> {
  const stats = await handle.stat();
  const { size, ino } = stats;
  const written = cache.written?.startOf(stats);
  const key = `${file} ${ino} ${size}`;
  let end = cache.ends.get(key);
  if (end === undefined) {
    end = (await findSeal(handle, size, Math.min(size, written?.bytes ?? 0))) ?? size;
    if (cache.ends.size >= KNOWN_ENDS) cache.ends.clear();
    cache.ends.set(key, end);
  }
  return { ...plain(handle, end, written), isSealed: end < size };
}

function plain(handle: DiskFile, size: number, written: WrittenStart | undefined): PartSource {
  return {
    size,
    isSealed: false,
    // A file that has fewer bytes now was changed by someone else.
    written: written !== undefined && written.bytes <= size ? written : undefined,
    read: async (buffer, offset) =>
      (await handle.read(buffer, 0, Math.min(buffer.length, size - offset), offset)).bytesRead,
  };
}

async function unfold(fs: FileSystem, file: string, cache: PartCache): Promise<PartSource> {
  if (cache.file !== file || cache.data === undefined) {
    const packed = await contentOf(fs, file);
    Object.assign(cache, { file, data: await promisify(gunzip)(packed, { maxOutputLength: MAX_PART }) });
  }
  const data = cache.data ?? Buffer.alloc(0);
  return {
    size: data.length,
    isSealed: true,
    read: async (buffer, offset) => data.copy(buffer, 0, offset, offset + buffer.length),
  };
}

async function contentOf(fs: FileSystem, file: string): Promise<Buffer> {
  const handle = await fs.open(file, READ);
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

export async function openIfThere(fs: FileSystem, file: string, flags = READ): Promise<DiskFile | undefined> {
  try {
    const handle = await fs.open(file, flags);
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
    return undefined;
  } catch (error) {
    // A link is not followed, because its target is not a log of this store.
    if (isMissing(error) || isObstacle(errorCode(error))) return undefined;
    throw error;
  }
}

async function isStill(fs: FileSystem, file: string, handle: DiskFile | undefined): Promise<boolean> {
  const now = fs.lookSync(file);
  if (now?.isFile() !== true) return handle === undefined;
  return handle !== undefined && (await handle.stat()).ino === now.ino;
}
