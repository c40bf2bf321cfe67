import type { StoreCore } from '../../engine/store-core.ts';
import { CompactionTime } from '../../journal/compaction-time.ts';
import type { Appended, ChangeLog, LogPosition, Reading } from '../../ports.ts';
import type { Disk } from '../disk/disk.ts';
import { prepareFolders } from '../disk/set-up.ts';
import { FolderWatcher } from '../disk/watcher.ts';
import { Compactor } from './compactor.ts';
import { Journal } from './journal.ts';

export interface FileChangeLogOptions {
  /** Bytes after which the journal is compacted, also in the middle of many changes. */
  readonly compactAt?: number | undefined;
  /** Called before the first change of a store is kept. */
  readonly onMade?: (() => Promise<void>) | undefined;
  /** Makes the files of these tasks durable. */
  readonly settleFiles: (ids: readonly string[]) => Promise<void>;
}

/** The change log in files: a journal, and its compaction. */
export class FileChangeLog implements ChangeLog {
  readonly journal: Journal;
  readonly compactor: Compactor;
  /** Set by the loader. */
  isBegun = false;
  private readonly disk: Disk;
  private readonly options: FileChangeLogOptions;
  private readonly time: CompactionTime;
  private watcher: FolderWatcher | undefined;
  /** The lines that are being appended and were not read back yet: their signatures need no check. */
  private own: readonly string[] = [];
  private ownRead = 0;

  constructor(disk: Disk, core: StoreCore, options: FileChangeLogOptions) {
    const { memory } = core;
    this.disk = disk;
    this.options = options;
    this.journal = new Journal(disk.fs, disk.layout, disk.provenance, {
      accepted: (line, foreign) => core.accepted(line, foreign),
      vouchesFor: (text) => this.isOwn(text) || disk.provenance.vouchesFor(text),
      verdict: (tx, accepted, at) => core.verdict(tx, accepted, at),
      sealed: (generation, touched, here) => {
        const { isLoading, target } = memory;
        // The process that sealed a segment found while loading may have ended long ago.
        this.compactor.add({ generation, touched, nextNumber: target.nextNumber, mine: here || isLoading });
        if (!isLoading) memory.history.rotate();
      },
    });
    this.compactor = new Compactor({
      fs: disk.fs,
      layout: disk.layout,
      provenance: disk.provenance,
      logger: disk.logger,
      settleFiles: options.settleFiles,
      seal: (over) => core.inTurn(() => this.journal.sealIfOver(over)),
      segments: () => this.journal.segments(),
      stagingAfter: (generation) => this.journal.stagingAfter(generation),
      settle: (id) => core.settle(id),
      now: disk.now,
      count: () => memory.state.size,
      touched: () => this.journal.touched(),
      gone: (generation, done) => core.compacted(generation, done),
    });
    this.time = new CompactionTime(() => this.compactSoon(), options.compactAt);
  }

  get position(): LogPosition {
    return { gen: this.journal.generation, after: this.journal.size };
  }

  async exists(): Promise<boolean> {
    return (await this.journal.segments()).length > 0;
  }

  async begin(): Promise<boolean> {
    const { fs, layout } = this.disk;
    await prepareFolders(fs, layout, 'fresh');
    await this.options.onMade?.();
    await this.disk.provenance.begin().catch((error) => {
      this.disk.logger.warn('The key of the store could not be kept: foreign tasks are not detected.', error);
    });
    const { first } = this.compactor;
    await this.journal.createSegment(first);
    if ((await this.journal.segments()).at(-1) !== first) return false;
    this.isBegun = await this.journal.openSegment(first, true);
    return true;
  }

  async append(lines: readonly string[]): Promise<Appended> {
    const { provenance } = this.disk;
    // Another process may have created the key in the meantime.
    await provenance.loadKey();
    const signed = lines.map((line) => provenance.signed(line));
    this.own = signed;
    this.ownRead = 0;
    try {
      return await this.journal.append(signed);
    } finally {
      this.own = [];
    }
  }

  /** They are one append, so they come in their order. A comparison costs less than a set of long texts. */
  private isOwn(text: string): boolean {
    const at = this.own.indexOf(text, this.ownRead);
    if (at < 0) return false;
    this.ownRead = at + 1;
    return true;
  }

  read(): Promise<Reading> {
    return this.journal.read();
  }

  grown(): void {
    this.time.changed(this.journal.size);
  }

  compactSoon(): void {
    this.compactor.soon(this.time.over);
  }

  watch(changed: () => void): void {
    this.watcher ??= new FolderWatcher(this.disk.layout.journal, changed);
  }

  stop(): void {
    this.watcher?.dispose();
    this.time.dispose();
    this.compactor.close();
  }

  async idle(): Promise<void> {
    await this.compactor.idle();
  }

  async close(): Promise<void> {
    await this.journal.close();
  }
}
