import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { TaskRecord } from '../../../core/task/schema.ts';
import { makeFolders } from '../../make-folders.ts';
import type { Disk } from '../disk/disk.ts';
import { errorCode, isMissing, removeIfThere } from '../disk/file-system.ts';
import { Slices } from '../disk/slices.ts';
import { type CopyPlace, copiesFolder, isPrivate, placeOfCopy } from './copy-place.ts';
import { copyText, idsOf, parseCopy } from './copy-text.ts';

/** Characters of tasks in a copy. The tasks that do not fit are the oldest ended ones. */
const MAX_CHARS = 16 * 1024 * 1024;
const MAX_BYTES = 4 * MAX_CHARS;

export interface CopiedStore {
  all(): Iterable<TaskRecord>;
  readonly size: number;
  byId(id: string): TaskRecord | undefined;
  isRemoved(id: string): boolean;
}

/** A copy of a folder outside of a repository that was not written for this long goes when another one begins. */
const UNUSED_MS = 90 * 24 * 60 * 60_000;

/** The tasks of a copy. */
interface ReadCopy {
  readonly file: string;
  /** ISO 8601 UTC. */
  readonly savedAt: string;
  readonly tasks: TaskRecord[];
  /** False if it was read without a check of its signature. */
  readonly isSigned: boolean;
}

/**
 * A copy of the tasks outside of the work tree: below the repository's git folder, where `git clean -fdx` does not remove
 * it, else below the state folder of the account.
 */
export class CopyFile {
  private readonly disk: Disk;
  private readonly store: CopiedStore;
  private readonly home: string | undefined;
  private readonly slices = new Slices();

  /** @param home the folder for copies of stores outside of a repository. Default: that of the account */
  constructor(disk: Disk, store: CopiedStore, home: string | undefined) {
    this.disk = disk;
    this.store = store;
    this.home = home ?? copiesFolder();
  }

  /** Milliseconds since 1970 of the last copy; undefined without one. */
  async savedAt(): Promise<number | undefined> {
    const place = await this.place();
    return place === undefined ? undefined : this.disk.fs.lookSync(place.file)?.mtimeMs;
  }

  /** The tasks of the copies, the newest copy first; foreign and broken copies are left out. */
  async read(): Promise<ReadCopy[]> {
    const place = await this.place();
    if (place === undefined) return [];
    // Without a key every signature counts.
    if (place.isSigned && this.disk.provenance.origin !== 'signed') return [];
    const { isSigned } = place;
    const signer = isSigned ? this.disk.provenance : { sign: () => undefined, verify: () => true };
    const copies: ReadCopy[] = [];
    for (const file of [place.file, asideOf(place.file)]) {
      const text = isSigned || (await isPrivate(file)) ? this.textOf(file) : undefined;
      const copy = text === undefined ? undefined : parseCopy(text, signer);
      if (copy !== undefined) copies.push({ file, isSigned, ...copy });
    }
    return copies;
  }

  /** The tasks of the older copy are back. */
  async forgetAside(): Promise<void> {
    const place = await this.place();
    if (place !== undefined) await removeIfThere(this.disk.fs, asideOf(place.file));
  }

  /**
   * Replaces the copy.
   *
   * @param ended tasks that this process deleted or archived since the last copy
   * @returns false where there is no place for a copy, or none yet
   */
  async write(ended: ReadonlySet<string>): Promise<boolean> {
    const { fs, provenance, now } = this.disk;
    const place = await this.place();
    // A copy without a signature looks like a foreign one.
    if (place === undefined || provenance.origin !== 'signed') return false;
    const { file } = place;
    if (!place.isSigned && !(await this.begin(file))) return false;
    await this.keepAside(file, ended);
    const { ids, records } = await this.records();
    const head = { v: 1 as const, saved_at: now(), left_out: this.store.size - ids.length };
    await fs.mkdir(dirname(file)).catch((error) => {
      if (errorCode(error) !== 'EEXIST') throw error;
    });
    const staged = `${file}.${randomUUID()}`;
    try {
      await fs.writeFile(staged, copyText(head, ids, records, provenance), { flag: 'wx' });
      await fs.rename(staged, file);
      return true;
    } finally {
      await removeIfThere(fs, staged);
    }
  }

  /**
   * Makes the folder of copies, and removes old copies before a new one begins.
   *
   * @returns false if the account has no folder that can be written, as in a container: then there is no copy
   */
  private async begin(file: string): Promise<boolean> {
    const { fs, logger } = this.disk;
    if (fs.lookSync(file) !== undefined) return true;
    try {
      await makeFolders(dirname(file));
      for (const name of await fs.readdir(dirname(file))) {
        const other = join(dirname(file), name);
        if (Date.now() - (fs.lookSync(other)?.mtimeMs ?? Date.now()) > UNUSED_MS) await removeIfThere(fs, other);
      }
      return true;
    } catch (error) {
      logger.debug('The folder for the copy of the tasks cannot be made.', error);
      return false;
    }
  }

  /** A copy of which this store knows no task is all that is left of a store that was removed. */
  private async keepAside(place: string, ended: ReadonlySet<string>): Promise<void> {
    const ids = idsOf(this.textOf(place) ?? '');
    if (ids.length === 0 || ids.some((id) => ended.has(id) || this.isKnown(id))) return;
    // Of two stores that were removed, the larger one is kept.
    if (idsOf(this.textOf(asideOf(place)) ?? '').length > ids.length) return;
    await this.disk.fs.rename(place, asideOf(place)).catch((error) => {
      if (!isMissing(error)) throw error;
    });
  }

  private isKnown(id: string): boolean {
    return this.store.byId(id) !== undefined || this.store.isRemoved(id);
  }

  /** Open tasks first, then the newest. */
  private async records(): Promise<{ ids: string[]; records: string[] }> {
    const tasks = [...this.store.all()].reverse();
    const isOpen = (task: TaskRecord): boolean => task.completed_at === undefined;
    const [ids, records]: [string[], string[]] = [[], []];
    let chars = 0;
    for (const task of [...tasks.filter(isOpen), ...tasks.filter((each) => !isOpen(each))]) {
      await this.slices.next();
      const record = JSON.stringify(task);
      if (chars + record.length > MAX_CHARS) continue;
      chars += record.length;
      ids.push(task.id);
      records.push(record);
    }
    return { ids, records };
  }

  private textOf(file: string): string | undefined {
    try {
      const read = this.disk.fs.readRegularSync(file, MAX_BYTES);
      return read.kind === 'text' ? read.text : undefined;
    } catch {
      // Not there, or not readable.
      return undefined;
    }
  }

  private place(): Promise<CopyPlace | undefined> {
    return placeOfCopy(this.disk.fs, this.disk.layout, this.home);
  }
}

function asideOf(place: string): string {
  return `${place}.before`;
}
