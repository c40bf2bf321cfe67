import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { type FileSystem, makeFolder } from '../disk/file-system.ts';
import { logFile, logFolder } from './layout.ts';
import { countLines } from './lines.ts';
import { type OpenLog, type OpenPart, openIfThere, type PartSource } from './source.ts';

const CHECKED_BYTES = 256;
/** A stretch that was counted is noted on disk when counting it again would take noticeable time. */
const WORTH_NOTING = 1024 * 1024;

const countSchema = z.object({
  lines: z.number().int().min(0),
  /** Up to where the part was counted; of a compressed one, its size when unfolded. */
  offset: z.number().int().min(0),
  /** CRC-32 of the bytes before the offset, or of all bytes as the compressed file has it. */
  check: z.number().int().min(0),
});
const indexSchema = z.object({ v: z.literal(1), parts: z.record(z.string().regex(/^\d{1,7}$/), countSchema) });

type PartCount = z.infer<typeof countSchema> & {
  /** It was counted after the part was sealed: no line follows. */
  readonly complete: boolean;
};

/** An ended part without a seal: a writer that opened it before may still append to it. */
export interface UnsealedPart {
  readonly file: string;
  /** Bytes that were counted. */
  readonly size: number;
}

interface KnownLog {
  readonly parts: Map<number, PartCount>;
  /** Bytes that were counted since the index was written. */
  unsaved: number;
}

/**
 * The numbers of entries in the parts of a log, which save reading a long log to count it. The index is only a cache:
 * every number is checked against the bytes that it was counted from, and counted again if they differ or the file is
 * missing.
 */
export class LogIndex {
  private readonly fs: FileSystem;
  private readonly root: string;
  private readonly logs = new Map<string, KnownLog>();

  constructor(fs: FileSystem, root: string) {
    this.fs = fs;
    this.root = root;
  }

  forget(id: string): void {
    this.logs.delete(id);
  }

  async count(id: string, log: OpenLog): Promise<{ total: number; unsealed: readonly UnsealedPart[] }> {
    const known = this.logs.get(id) ?? (await this.load(id, log));
    this.logs.set(id, known);
    let total = 0;
    const unsealed: UnsealedPart[] = [];
    for (const part of log.parts) {
      const before = known.parts.get(part.number);
      if (before?.complete === true) {
        total += before.lines;
        continue;
      }
      const { size, ...now } = await this.countPart(part, before);
      if (!now.complete && !part.live) unsealed.push({ file: part.file, size });
      known.unsaved += Math.max(0, now.offset - (before?.offset ?? 0));
      known.parts.set(part.number, now);
      total += now.lines;
    }
    if (known.unsaved >= WORTH_NOTING) await this.save(id, known);
    return { total, unsealed };
  }

  private async countPart(part: OpenPart, before: PartCount | undefined): Promise<PartCount & { size: number }> {
    if (part.compressed && before !== undefined) {
      const trailer = await gzipTrailer(this.fs, part.file);
      if (trailer?.check === before.check && trailer.size === before.offset)
        return { ...before, complete: true, size: 0 };
    }
    const source = await part.open();
    const usable =
      before !== undefined && before.offset <= source.size && (await checkOf(source, before.offset)) === before.check;
    const noted = usable ? before : { lines: 0, offset: 0 };
    const { written } = source;
    const from =
      written !== undefined && written.bytes > noted.offset ? { lines: written.entries, offset: written.bytes } : noted;
    const more = await countLines(source, from.offset, source.size);
    const lines = from.lines + more.lines;
    const { isSealed: complete, size } = source;
    if (!part.compressed) {
      return { lines, offset: more.offset, check: await checkOf(source, more.offset), complete, size };
    }
    const trailer = await gzipTrailer(this.fs, part.file);
    return { lines, offset: trailer?.size ?? more.offset, check: trailer?.check ?? 0, complete, size };
  }

  private async load(id: string, log: OpenLog): Promise<KnownLog> {
    const known: KnownLog = { parts: new Map(), unsaved: 0 };
    try {
      // A short log has no index: it has no folder either, most often.
      if (log.parts.length === 1 && (await (log.parts[0] as OpenPart).open()).size < WORTH_NOTING) return known;
      const value: unknown = JSON.parse(await this.fs.readFile(this.file(id), 'utf8'));
      for (const [number, count] of Object.entries(indexSchema.parse(value).parts)) {
        known.parts.set(Number(number), { ...count, complete: false });
      }
    } catch {
      // Missing, torn or foreign: everything is counted again.
    }
    return known;
  }

  private async save(id: string, known: KnownLog): Promise<void> {
    const parts = Object.fromEntries([...known.parts].map(([number, { complete: _, ...count }]) => [number, count]));
    const staged = `${this.file(id)}.${randomUUID()}`;
    try {
      // A log that was deleted in the meantime stays deleted; one without sealed parts has its live file.
      if (!known.parts.has(1)) {
        await this.fs.stat(logFile(this.root, id));
        await makeFolder(this.fs, this.root, logFolder(this.root, id));
      }
      known.unsaved = 0;
      await this.fs.writeFile(staged, JSON.stringify({ v: 1, parts }));
      await this.fs.rename(staged, this.file(id));
    } catch {
      // A folder that cannot be written is counted each time.
      await this.fs.rm(staged, { force: true }).catch(() => {});
    }
  }

  private file(id: string): string {
    return join(logFolder(this.root, id), 'index.json');
  }
}

async function checkOf(source: PartSource, offset: number): Promise<number> {
  const length = Math.min(CHECKED_BYTES, offset);
  const bytes = Buffer.alloc(length);
  const read = await source.read(bytes, offset - length);
  return crc32(bytes.subarray(0, read));
}

/** The size and checksum of the contents in the last eight bytes of a gzip file. */
async function gzipTrailer(fs: FileSystem, file: string): Promise<{ check: number; size: number } | undefined> {
  const handle = await openIfThere(fs, file);
  if (handle === undefined) return undefined;
  try {
    const { size } = await handle.stat();
    const bytes = Buffer.alloc(8);
    if (size < 18 || (await handle.read(bytes, 0, 8, size - 8)).bytesRead < 8) return undefined;
    return { check: bytes.readUInt32LE(0), size: bytes.readUInt32LE(4) };
  } finally {
    await handle.close();
  }
}
