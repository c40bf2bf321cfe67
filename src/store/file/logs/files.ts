import { relative } from 'node:path';
import type { LogEntryPage, LogRange } from '../../logs/range.ts';
import { type FileSystem, isMissing } from '../disk/file-system.ts';
import type { Layout } from '../disk/layout.ts';
import { LogIndex, type UnsealedPart } from './index.ts';
import { logFile, logFolder, logIdOf, namesIn, placeOf, positionOf } from './layout.ts';
import { ENTRY_END } from './lines.ts';
import { pageAfter, pageBefore } from './page.ts';
import { endedParts, partNames } from './parts.ts';
import { type OpenLog, openLog, PartCache } from './source.ts';
import type { WrittenFiles } from './written.ts';

const DEFAULT_LIMIT = 1_000;

/** A log of at most this many bytes is read to count its lines. */
const SHORT_BYTES = 32 * 1024;
/** Times that a log is opened, whose parts are moved away while it is read. */
const ATTEMPTS = 20;

interface Counted {
  readonly total: number;
  readonly unsealed: readonly UnsealedPart[];
}

/** Reads pages of the logs in a folder. Memory is bounded by a page and a part for any size of the log. */
export class LogReader {
  private readonly fs: FileSystem;
  private readonly layout: Layout;
  private readonly root: string;
  private readonly index: LogIndex;
  private readonly cache: PartCache;
  /** The count, and the facts of the files before it. */
  private readonly counts = new Map<string, Counted & { readonly seen: string }>();

  /** @param written the files that the writer of these logs has written to */
  constructor(fs: FileSystem, layout: Layout, root = layout.logs, written?: WrittenFiles) {
    this.fs = fs;
    this.layout = layout;
    this.root = root;
    this.index = new LogIndex(fs, root);
    this.cache = new PartCache(written);
  }

  /** @returns undefined when the task has no log here */
  async read(id: string, range: LogRange): Promise<LogEntryPage | undefined> {
    const limit = range.limit ?? DEFAULT_LIMIT;
    const folder = relative(`${this.layout.root}/..`, logFolder(this.root, id));
    return this.withLog(id, (log) =>
      range.after !== undefined
        ? pageAfter(log, placeOf(range.after), limit, folder)
        : pageBefore(log, range.before === undefined ? undefined : placeOf(range.before), limit, folder),
    );
  }

  /** The number of entries in a log; undefined without a log. Counted parts are not read again. */
  async count(id: string): Promise<number | undefined> {
    const seen = this.signature(id);
    const known = this.counts.get(id);
    if (known?.seen === seen && known.unsealed.every(({ file, size }) => this.fs.lookSync(file)?.size === size)) {
      return known.total;
    }
    const counted = await this.countAnew(id);
    // The count may have entries that were added after `seen`, and the log looks as before when they are removed.
    if (counted === undefined || this.signature(id) !== seen) this.counts.delete(id);
    else this.counts.set(id, { ...counted, seen });
    return counted?.total;
  }

  /** Looking at a file and a folder costs a tenth of reading them. Every append to the live file changes its size. */
  private signature(id: string): string {
    return [logFile(this.root, id), logFolder(this.root, id)]
      .map((path) => this.fs.lookSync(path))
      .map((look) => (look === undefined ? '' : `${look.ino}:${look.mtimeMs}:${look.size}`))
      .join(' ');
  }

  private async countAnew(id: string): Promise<Counted | undefined> {
    const short = this.countShort(id);
    // The folder is read after the file: if that became an ended part meanwhile, the part is there.
    if (short !== undefined && !(await this.hasEndedParts(id))) return { total: short, unsealed: [] };
    const count = await this.withLog(id, (log) => this.index.count(id, log));
    if (count === undefined) this.forget(id);
    return count;
  }

  /** Most logs have no folder. */
  private async hasEndedParts(id: string): Promise<boolean> {
    return (await partNames(this.fs, this.root, id)).length > 0;
  }

  /**
   * Most logs have a few lines: read at once, they are counted in a tenth of the time that waiting for each step takes.
   */
  private countShort(id: string): number | undefined {
    try {
      const read = this.fs.readRegularSync(logFile(this.root, id), SHORT_BYTES);
      return read.kind === 'text' ? read.text.split(ENTRY_END).length - 1 : undefined;
    } catch {
      // Opening it reports the error.
      return undefined;
    }
  }

  /** Every log that is written to, with the position of its end. */
  async ends(): Promise<{ id: string; end: number }[]> {
    const names = await namesIn(this.fs, this.root);
    const folders = new Set(names);
    const ids = names.flatMap((name) => logIdOf(name) ?? []);
    return Promise.all(
      ids.map(async (id) => {
        const ended = folders.has(id) ? await endedParts(this.fs, this.root, id) : [];
        const look = this.fs.lookSync(logFile(this.root, id));
        const offset = look?.isFile() === true ? look.size : 0;
        return { id, end: positionOf({ part: (ended.at(-1)?.number ?? -1) + 1, offset }) };
      }),
    );
  }

  forget(id: string): void {
    this.counts.delete(id);
    this.index.forget(id);
    if (this.cache.file.startsWith(logFolder(this.root, id))) Object.assign(this.cache, { file: '', data: undefined });
  }

  private async withLog<T>(id: string, use: (log: OpenLog) => Promise<T>): Promise<T | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      const log = await openLog(this.fs, this.root, id, this.cache);
      if (log === undefined) return undefined;
      try {
        return await use(log);
      } catch (error) {
        // A part was dropped or archived after the folder was listed: the log is read as it is now.
        if (!isMissing(error) || attempt === ATTEMPTS) throw error;
      } finally {
        await log.close();
      }
    }
  }
}
