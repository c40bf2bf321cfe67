import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import type { TaskRecord } from '../../../core/task/schema.ts';
import type { Disk } from '../disk/disk.ts';
import { errorCode, isMissing, removeIfThere } from '../disk/file-system.ts';
import { copyPlace } from '../disk/key-place.ts';
import { Slices } from '../disk/slices.ts';
import { copyText, idsOf, parseCopy } from './copy-text.ts';

/** Milliseconds from the first change to the copy that has it. */
const DELAY_MS = 15_000;
/** More tasks than this are copied by a short command only if the copy is older than a minute. */
const QUICK_TASKS = 1_000;
const OLD_MS = 60_000;
/** Characters of tasks in a copy. The tasks that do not fit are the oldest ended ones. */
const MAX_CHARS = 16 * 1024 * 1024;
const MAX_BYTES = 4 * MAX_CHARS;

export interface CopiedStore {
  all(): Iterable<TaskRecord>;
  readonly size: number;
  byId(id: string): TaskRecord | undefined;
  isRemoved(id: string): boolean;
}

/**
 * Keeps a copy of the tasks below the repository's git folder, where `git clean -fdx` does not remove it. Only a process
 * that changes tasks writes it. A store outside of a repository has none.
 */
export class StoreCopy {
  private readonly disk: Disk;
  private readonly store: CopiedStore;
  private readonly slices = new Slices();
  private timer: NodeJS.Timeout | undefined;
  private dirty = false;
  private writing: Promise<void> = Promise.resolve();

  constructor(disk: Disk, store: CopiedStore) {
    this.disk = disk;
    this.store = store;
  }

  /** This process changed a task. */
  touch(): void {
    this.dirty = true;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.write();
    }, DELAY_MS).unref();
  }

  /** The store is being closed. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.writing;
    if (!this.dirty) return;
    const place = await this.place();
    const look = place === undefined ? undefined : this.disk.fs.lookSync(place);
    if (this.store.size <= QUICK_TASKS || look === undefined || Date.now() - look.mtimeMs > OLD_MS) await this.write();
  }

  /** The tasks of the copies, the newest copy first; foreign and broken copies are left out. */
  async read(): Promise<{ file: string; savedAt: string; tasks: TaskRecord[] }[]> {
    const place = await this.place();
    if (place === undefined) return [];
    return [place, asideOf(place)].flatMap((file) => {
      const text = this.textOf(file);
      const copy = text === undefined ? undefined : parseCopy(text, this.disk.provenance);
      return copy === undefined ? [] : [{ file, ...copy }];
    });
  }

  /** The tasks of the older copy are back. */
  async forgetAside(): Promise<void> {
    const place = await this.place();
    if (place !== undefined) await removeIfThere(this.disk.fs, asideOf(place));
  }

  private write(): Promise<void> {
    this.writing = this.writing
      .then(() => this.writeNow())
      .catch((error) => this.disk.logger.warn('The copy of the tasks in the git folder could not be written.', error));
    return this.writing;
  }

  private async writeNow(): Promise<void> {
    const { fs, provenance, now } = this.disk;
    const place = await this.place();
    // Nobody could tell a copy without a signature from a foreign one.
    if (place === undefined || provenance.origin !== 'signed') return;
    this.dirty = false;
    await this.keepAside(place);
    const { ids, records } = await this.records();
    const head = { v: 1 as const, saved_at: now(), left_out: this.store.size - ids.length };
    await fs.mkdir(dirname(place)).catch((error) => {
      if (errorCode(error) !== 'EEXIST') throw error;
    });
    const staged = `${place}.${randomUUID()}`;
    try {
      await fs.writeFile(staged, copyText(head, ids, records, provenance), { flag: 'wx' });
      await fs.rename(staged, place);
    } finally {
      await removeIfThere(fs, staged);
    }
  }

  /** A copy of which this store knows no task is all that is left of a store that was removed. */
  private async keepAside(place: string): Promise<void> {
    const ids = idsOf(this.textOf(place) ?? '');
    if (ids.length === 0 || ids.some((id) => this.isKnown(id))) return;
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

  private place(): Promise<string | undefined> {
    return copyPlace(this.disk.fs, this.disk.layout);
  }
}

function asideOf(place: string): string {
  return `${place}.before`;
}
