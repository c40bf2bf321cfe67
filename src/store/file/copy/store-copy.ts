import { onFirstUse } from '../../../core/on-first-use.ts';
import type { Disk } from '../disk/disk.ts';
import type { CopiedStore, CopyFile } from './copy-file.ts';

/** Milliseconds from the first change to the copy that has it. */
const DELAY_MS = 15_000;
/** More tasks than this are copied by a short command only if the copy is older than a minute. */
const QUICK_TASKS = 1_000;
const OLD_MS = 60_000;

/** Keeps the copy of the tasks up to date. Only a process that changes tasks writes it. */
export class StoreCopy {
  /** The copy itself. */
  readonly file: () => Promise<CopyFile>;
  private readonly disk: Disk;
  private readonly store: CopiedStore;
  private timer: NodeJS.Timeout | undefined;
  private dirty = false;
  /** Tasks that this process deleted or archived since its last copy. The store forgets them with its journal. */
  private readonly ended = new Set<string>();
  private writing: Promise<void> = Promise.resolve();

  /** @param home the folder for copies of stores outside of a repository. Default: that of the account */
  constructor(disk: Disk, store: CopiedStore, home: string | undefined) {
    this.disk = disk;
    this.store = store;
    this.file = onFirstUse(async () => {
      const { CopyFile } = await import('./copy-file.ts');
      return new CopyFile(disk, store, home);
    });
  }

  /** This process changed a task. */
  touch(id: string): void {
    this.dirty = true;
    if (this.store.byId(id) === undefined) this.ended.add(id);
    else this.ended.delete(id);
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
    const savedAt = this.store.size <= QUICK_TASKS ? undefined : await (await this.file()).savedAt();
    if (savedAt === undefined || Date.now() - savedAt > OLD_MS) await this.write();
  }

  private write(): Promise<void> {
    this.writing = this.writing
      .then(() => this.writeNow())
      .catch((error) => this.disk.logger.warn('The copy of the tasks could not be written.', error));
    return this.writing;
  }

  private async writeNow(): Promise<void> {
    const file = await this.file();
    this.dirty = false;
    const ended = new Set(this.ended);
    if (await file.write(ended)) for (const id of ended) this.ended.delete(id);
    else this.dirty = true;
  }
}
