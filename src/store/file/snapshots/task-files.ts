import { randomUUID } from 'node:crypto';
import { sep } from 'node:path';
import type { TaskRecord } from '../../../core/task/schema.ts';
import { type FileSystem, isMissing, removeIfThere } from '../disk/file-system.ts';
import { type Layout, stagingFolder, taskFile } from '../disk/layout.ts';
import { Slices } from '../disk/slices.ts';
import type { Look, Staged, Wanted } from './durable-files.ts';
import { MAX_TASK_FILE } from './task-file-reading.ts';
import { type Signer, taskText } from './task-text.ts';

const WRITE_DELAY_MS = 60;
const RETRY_DELAY_MS = 5_000;
const PARALLEL = 16;
/** Files that are synced before they are renamed: between two syncs, a rename waits for the disk. */
const AHEAD = 256;
/** More compactions than this cannot happen during one write; the folder itself is missing. */
const MAX_ATTEMPTS = 5;

export interface TaskFileContext {
  readonly fs: FileSystem;
  readonly layout: Layout;
  readonly signer: Signer;
  /** The record of a task in memory; undefined without one. */
  readonly find: (id: string) => TaskRecord | undefined;
  /** Whether the task was deleted or archived according to the journal: only then its file is removed. */
  readonly isRemoved: (id: string) => boolean;
  /** Name of the staging folder of the segment that was read. */
  readonly staging: () => string;
  /** Whether that segment alone can bring the task back. */
  readonly hasAllOf: (id: string) => boolean;
  /** Makes all of the journal durable that memory has. */
  readonly makeDurable: () => Promise<void>;
  /** Reads the journal on. */
  readonly refresh: () => Promise<void>;
  /** Starts a segment with a new staging folder; the one of this segment was removed manually. */
  readonly renew: () => Promise<void>;
  /** Checks a file before it is replaced. @returns false if its content changed memory */
  readonly mayReplace: (id: string) => Promise<boolean>;
  /** Called after a file was written, with its inode, size and time. */
  readonly wrote: (record: TaskRecord, stat: Look) => void;
  readonly report: (error: unknown) => void;
}

/**
 * Writes task files from memory: coalesced, each by an atomic rename. A file is staged in a folder of the journal
 * segment that the writer had read. A compaction removes the staging folder first, so that the rename of a suspended
 * writer fails and never replaces a newer state. Files are removed the same way, by a rename into that folder.
 */
export class TaskFileWriter {
  private readonly context: TaskFileContext;
  private readonly dirty = new Set<string>();
  /** Tasks created by this process without a file yet, which therefore need no check for manual edits. */
  private readonly fresh = new Set<string>();
  /** Tasks whose files are about to be written durably: an earlier write of them would be for nothing. */
  private readonly settling = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private ownName: string | undefined;
  private sequence = 0;
  private readonly slices = new Slices();

  constructor(context: TaskFileContext) {
    this.context = context;
  }

  /** Marks the file of a task as different from memory. */
  touch(id: string, fresh = false): void {
    this.dirty.add(id);
    if (fresh) this.fresh.add(id);
    if (this.timer === undefined) this.flushIn(WRITE_DELAY_MS);
  }

  /** Made on first use: a process that only reads has no use for it. */
  private get name(): string {
    this.ownName ??= `${process.pid}-${randomUUID().slice(0, 8)}`;
    return this.ownName;
  }

  private flushIn(ms: number): void {
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.flush().catch((error) => {
        this.context.report(error);
        this.retry();
      });
    }, ms);
  }

  /** There may be room by then; and if not, the journal has it. */
  private retry(): void {
    if (this.timer === undefined) this.flushIn(RETRY_DELAY_MS);
    this.timer?.unref();
  }

  /** Writes all pending files. The journal contains their changes already, so a failure loses nothing. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    return this.run(() => this.writeAll([...this.dirty], false));
  }

  /** Writes these files durably, to release the journal segments with their changes. */
  settle(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.settling.add(id);
    return this.run(async () => {
      try {
        for (let at = 0; at < ids.length; at += AHEAD) await this.writeAll(ids.slice(at, at + AHEAD), true);
      } catch (error) {
        // Those that were left to this writing.
        for (const id of ids) this.dirty.add(id);
        this.retry();
        throw error;
      } finally {
        for (const id of ids) this.settling.delete(id);
      }
    });
  }

  /** One after the other: of two writings of the same file the later one must come last. */
  private run(work: () => Promise<void>): Promise<void> {
    const done = this.running.then(work);
    this.running = done.catch(() => {});
    return done;
  }

  private async writeAll(ids: readonly string[], durable: boolean): Promise<void> {
    if (ids.length === 0) return;
    const { find, makeDurable } = this.context;
    // The staged content and its position in the journal belong together; a later position would be wrong.
    const staging = this.context.staging();
    const queue = ids.map((id) => ({ id, record: find(id) }));
    // The journal must be durable before its changes reach a file: otherwise a power failure could leave a partial
    // change.
    for (const id of ids) this.dirty.delete(id);
    await makeDurable();
    const ahead = durable ? await this.stageAhead(queue, staging) : undefined;
    const failures: unknown[] = [];
    const work = async (): Promise<void> => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        if (!durable && this.settling.has(next.id)) continue;
        try {
          await this.write(next, staging, durable, ahead?.get(next.id));
        } catch (error) {
          this.dirty.add(next.id);
          failures.push(error);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(PARALLEL, queue.length) }, work));
    if (failures.length > 0) throw failures[0];
  }

  private async stageAhead(wanted: readonly Wanted[], staging: string): Promise<Map<string, Staged>> {
    const { stageAhead } = await import('./durable-files.ts');
    return stageAhead(this.context.fs, wanted, (record) => ({
      file: this.stagedFile(record.id, staging),
      text: this.textOf(record),
    }));
  }

  private stagedFile(id: string, staging: string): string {
    this.sequence += 1;
    return `${stagingFolder(this.context.layout, staging)}${sep}${id}.${this.name}.${this.sequence}`;
  }

  private textOf(record: TaskRecord): Buffer {
    return Buffer.from(taskText(record, MAX_TASK_FILE, this.context.signer));
  }

  private async write({ id, record: first }: Wanted, begin: string, durable: boolean, ahead?: Staged): Promise<void> {
    const { context } = this;
    let [record, staging] = [first, begin];
    for (let attempt = 1; ; attempt += 1) {
      const ready = attempt === 1 ? ahead : undefined;
      const staged = ready?.file ?? this.stagedFile(id, staging);
      try {
        if (record === undefined) {
          this.fresh.delete(id);
          const { removeTaskFile } = await import('./durable-files.ts');
          return await removeTaskFile(context, id, staged);
        }
        if (await this.replace(record, staged, durable, ready?.stat)) return;
        // Memory contains the content of the file now.
        if (attempt === MAX_ATTEMPTS) throw new Error(`The file of ${id} is changed all the time.`);
        [record, staging] = [context.find(id), context.staging()];
        await context.makeDurable();
      } catch (error) {
        if (!isMissing(error) || attempt === MAX_ATTEMPTS) throw error;
        // The staging folder was removed: the journal moved on. Read further, and write the new state.
        if (context.staging() === staging) await context.refresh();
        // The segment is unchanged, so the folder was removed manually and not by a compaction.
        if (context.staging() === staging) await context.renew();
        [record, staging] = [context.find(id), context.staging()];
        await context.makeDurable();
      }
    }
  }

  /** @returns false if the file had content that memory did not have */
  private async replace(record: TaskRecord, staged: string, durable: boolean, ready?: Look): Promise<boolean> {
    const { fs, layout, hasAllOf, mayReplace, wrote } = this.context;
    // A file that the journal cannot bring back must be whole before it takes the place of the one that was there.
    const mustLast = durable || !hasAllOf(record.id);
    if (!mustLast || ready !== undefined) await this.slices.next();
    const write = async (): Promise<Look> => {
      const text = this.textOf(record);
      if (!mustLast) return fs.writeNewSync(staged, text);
      const { writeDurably } = await import('./durable-files.ts');
      return writeDurably(fs, staged, text);
    };
    const stat = ready ?? (await write());
    if (!this.fresh.has(record.id) && !(await mayReplace(record.id))) {
      await removeIfThere(fs, staged);
      return false;
    }
    fs.renameSync(staged, taskFile(layout, record.id));
    this.fresh.delete(record.id);
    wrote(record, stat);
    return true;
  }
}
