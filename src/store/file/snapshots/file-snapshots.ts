import type { StoreCore } from '../../engine/store-core.ts';
import type { Loaded, LoadTarget, Snapshots } from '../../ports.ts';
import type { StoreCopy } from '../copy/store-copy.ts';
import type { Disk } from '../disk/disk.ts';
import { removeIfThere } from '../disk/file-system.ts';
import { segmentFile, taskFile } from '../disk/layout.ts';
import { quarantine } from '../disk/quarantine.ts';
import { FolderWatcher } from '../disk/watcher.ts';
import type { FileChangeLog } from '../journal/file-change-log.ts';
import { HandEdits } from './hand-edits.ts';
import { type LoadedFiles, loadStore } from './loader.ts';
import { TaskFileWriter } from './task-files.ts';
import { TaskIndex } from './task-index.ts';

/** A file per task beside the journal, which people may read and edit. */
export class FileSnapshots implements Snapshots {
  private readonly disk: Disk;
  private readonly core: StoreCore;
  private readonly log: () => FileChangeLog;
  private readonly files: TaskFileWriter;
  private readonly edits: HandEdits;
  private readonly index: TaskIndex;
  private readonly copy: StoreCopy;
  private watcher: FolderWatcher | undefined;
  private loaded: LoadedFiles | undefined;
  /** While everything is loaded again, files of the old view are staged where the journal was then. */
  private oldStaging: string | undefined;

  constructor(disk: Disk, core: StoreCore, log: () => FileChangeLog, copy: StoreCopy) {
    this.copy = copy;
    const { fs, layout, provenance, logger, now } = disk;
    const { memory } = core;
    const report = (error: unknown): void => logger.warn('A task file could not be written; it is tried again.', error);
    this.disk = disk;
    this.core = core;
    this.log = log;
    this.index = new TaskIndex(disk);
    this.files = new TaskFileWriter({
      fs,
      layout,
      signer: provenance,
      find: (id) => memory.state.byId(id),
      isRemoved: (id) => memory.state.isRemoved(id),
      staging: () => this.oldStaging ?? log().journal.staging,
      hasAllOf: (id) => !memory.isLoading && log().journal.hasAllOf(id),
      makeDurable: () => core.inTurn(() => log().journal.makeDurable()),
      refresh: () => core.refresh(),
      renew: () => core.inTurn(() => log().journal.sealIfOver(-1)),
      mayReplace: (id) => this.edits.mayReplace(id),
      wrote: (record, stat) => {
        this.edits.wrote(record.id, stat);
        this.index.wrote(record, fs.lookSync(taskFile(layout, record.id)), stat);
      },
      report,
    });
    this.edits = new HandEdits({
      fs,
      layout,
      provenance,
      state: memory.state,
      history: () => memory.history,
      refresh: () => core.refresh(),
      mutate: (name, mutation) => core.mutate(name, mutation, 'an edit of its file'),
      touch: (id) => this.files.touch(id),
      problem: (text) => core.problem(text),
      report,
      now,
    });
  }

  async load(target: LoadTarget): Promise<Loaded> {
    const { fs, layout, provenance } = this.disk;
    const log = this.log();
    this.oldStaging ??= log.journal.staging;
    const loaded = await loadStore({
      fs,
      layout,
      provenance,
      index: this.index,
      journal: log.journal,
      begin: () => {
        log.compactor.forget();
        return target.begin();
      },
      numbering: (known) => target.numbered(known),
      history: () => this.core.memory.history,
      foreign: () => this.core.memory.foreign,
    });
    log.isBegun = log.journal.isOpen;
    log.compactor.first = loaded.generation;
    this.loaded = loaded;
    // In one step: stages the content of the current view in the segment of the current position.
    target.finish();
    this.oldStaging = undefined;
    const { readOnly, unusable, bad } = loaded;
    return { readOnly, unusable, problems: bad.map(({ file, reason }) => `${file}: ${reason}`) };
  }

  async tidy(): Promise<void> {
    const { loaded } = this;
    if (loaded?.exists !== true) return;
    const { fs, layout, logger, now } = this.disk;
    const steps = [
      () => quarantine(fs, layout, loaded.bad, now()),
      ...loaded.leftover.map((generation) => () => removeIfThere(fs, segmentFile(layout, generation))),
      () => this.core.settleAll(),
    ];
    for (const step of steps) await step().catch((error) => logger.warn('The store could not be tidied.', error));
    if (this.log().compactor.isNeeded) this.log().compactSoon();
  }

  async takeIn(first: boolean): Promise<void> {
    if (this.loaded === undefined) return;
    const { originals, edits } = this.loaded;
    if (first && originals.length > 0) await this.takeOver(originals);
    await this.edits.found(edits.known, edits.taken);
  }

  touch(id: string, fresh: boolean): void {
    this.files.touch(id, fresh);
    this.copy.touch(id);
  }

  /** Writes these files and makes them durable. */
  settle(ids: readonly string[]): Promise<void> {
    return this.files.settle(ids);
  }

  /** Writes the files of all tasks again, so that each is signed. */
  async rewriteAll(): Promise<void> {
    for (const { id } of this.core.memory.state.all()) this.files.touch(id);
    await this.files.flush();
  }

  watch(): void {
    this.watcher ??= new FolderWatcher(this.disk.layout.tasks, (name) => this.edits.notice(name));
  }

  async stop(): Promise<void> {
    this.watcher?.dispose();
    await this.edits.close();
  }

  async flush(): Promise<void> {
    await this.files.flush();
    await this.index.save((id) => this.core.memory.state.byId(id) !== undefined);
    await this.copy.close();
  }

  /** Imports the tasks of the original server. If they cannot be written, they are only not shown. */
  private async takeOver(originals: LoadedFiles['originals']): Promise<void> {
    const { fs, layout, logger, now } = this.disk;
    try {
      const { importOriginal } = await import('./import-original.ts');
      const backup = await importOriginal(
        { fs, layout, now, mutate: (name, mutation) => this.core.mutate(name, mutation) },
        originals,
      );
      logger.info(`Imported ${originals.length} tasks of the original server. Their backup is in ${backup}.`);
      await this.log().compactor.run(0);
    } catch (error) {
      this.core.problem(`The tasks of the original server could not be imported: ${(error as Error).message}`);
    }
  }
}
