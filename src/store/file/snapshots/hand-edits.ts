import { TaskError } from '../../../core/errors.ts';
import { onFirstUse } from '../../../core/on-first-use.ts';
import type { TaskRecord } from '../../../core/task/schema.ts';
import type { StoreMutation } from '../../journal/draft.ts';
import type { KeyHistory } from '../../journal/key-history.ts';
import type { StoreState } from '../../journal/state.ts';
import type { FileLook, FileSystem } from '../disk/file-system.ts';
import { type Layout, taskFile } from '../disk/layout.ts';
import type { Provenance } from '../disk/provenance.ts';
import { quarantine } from '../disk/quarantine.ts';
import { isAsWritten, readTaskFile, type TaskFileReading } from './task-file-reading.ts';

/** Editors write in several steps; a file is checked after this many quiet milliseconds. */
const QUIET_MS = 150;
/** A file that is no task may be in the middle of being saved. */
const PATIENCE_MS = 400;

/** Edits are rare. */
const rules = onFirstUse(() => import('../../journal/hand-edit.ts'));

export interface HandEditContext {
  readonly fs: FileSystem;
  readonly layout: Layout;
  readonly provenance: Provenance;
  readonly state: StoreState;
  readonly history: () => KeyHistory;
  readonly refresh: () => Promise<void>;
  readonly mutate: (name: string, mutation: StoreMutation<void>) => Promise<void>;
  /** The file differs from memory, or is missing. */
  readonly touch: (id: string) => void;
  /** For display to a person. */
  readonly problem: (text: string) => void;
  readonly report: (error: unknown) => void;
  readonly now: () => string;
}

/**
 * Finds changes of people or other programs in task files. The checksum in a file identifies the store's own writes by
 * any process; any other content becomes a regular change, or is moved to quarantine with the reason. A file is checked
 * before it is replaced, when it changes while the store watches, and when the store is opened.
 */
export class HandEdits {
  private readonly context: HandEditContext;
  /** Signatures of checked or written files: only a different one has to be read. */
  private readonly seen = new Map<string, string>();
  private readonly waiting = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private adopting: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(context: HandEditContext) {
    this.context = context;
  }

  wrote(id: string, stat: Omit<FileLook, 'ctimeMs'>): void {
    this.seen.set(id, signature(stat));
  }

  /** @returns false if the content of the file changed memory, or memory may not replace it yet */
  async mayReplace(id: string): Promise<boolean> {
    const now = this.signature(id);
    if (now === undefined || now === this.seen.get(id)) return true;
    const reading = this.read(id);
    if (reading === undefined) return true;
    if (reading.kind === 'bad' && reading.bad.stays === true) throw new Error(reading.bad.reason);
    if (reading.kind === 'newer') throw new Error('A newer version has written this file.');
    const taken = await this.take(id, reading);
    this.seen.set(id, now);
    return !taken;
  }

  /** A file may have changed; a change without a name is detected before the file is replaced. */
  notice(name: string | undefined): void {
    if (this.closed || name?.endsWith('.json') !== true) return;
    this.waiting.add(name.slice(0, -'.json'.length));
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const ids = [...this.waiting];
      this.waiting.clear();
      void this.run(() => this.adoptAll(ids));
    }, QUIET_MS).unref();
  }

  /** Files that were found changed while everything was read: `known` are in memory without that, `taken` with it. */
  found(known: readonly TaskRecord[], taken: readonly TaskRecord[]): Promise<void> {
    return this.run(async () => {
      for (const task of known) await this.mayReplace(task.id);
      for (const task of taken) {
        const now = this.signature(task.id);
        await this.adopt(task);
        if (now !== undefined) this.seen.set(task.id, now);
      }
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.adopting;
  }

  private run(work: () => Promise<void>): Promise<void> {
    this.adopting = this.adopting.then(work).catch(this.context.report);
    return this.adopting;
  }

  private async adoptAll(ids: readonly string[]): Promise<void> {
    await this.context.refresh();
    for (const id of ids) {
      if (this.closed) return;
      await this.adoptChange(id).catch(this.context.report);
    }
  }

  private async adoptChange(id: string): Promise<void> {
    const { state, touch } = this.context;
    const now = this.signature(id);
    if (now !== undefined && now === this.seen.get(id)) return;
    // A manual removal does not delete the task, unlike "task delete".
    if (now === undefined) return state.byId(id) === undefined ? undefined : touch(id);
    // Nearly always: another process has written it.
    if (state.byId(id) !== undefined && isAsWritten(this.context, id)) {
      this.seen.set(id, now);
      return;
    }
    const reading = this.read(id);
    if (reading?.kind === 'bad') return this.putAsideIfStillBad(id, now);
    if (reading?.kind !== 'task') return;
    if (reading.byHand) {
      if (state.byId(id) !== undefined) await this.mayReplace(id);
      else if (!state.isRemoved(id)) await this.adoptNew(reading.task);
    }
    this.seen.set(id, now);
  }

  private async putAsideIfStillBad(id: string, before: string): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
    // Otherwise it is checked once more anyway.
    if (this.signature(id) !== before) return;
    const reading = this.read(id);
    if (reading?.kind !== 'bad' || reading.bad.stays === true) return;
    await this.take(id, reading);
  }

  /** @returns whether the task in memory is another one now */
  private async take(id: string, reading: TaskFileReading): Promise<boolean> {
    if (reading.kind === 'task' && !reading.byHand) return false;
    if (reading.kind !== 'task') {
      await this.putAside(id, reading.kind === 'bad' ? reading.bad.reason : 'not a task of this version');
      return false;
    }
    const { context } = this;
    const { applyHandEdit } = await rules();
    let changed = false;
    try {
      await context.mutate('task.edited', (draft) => {
        const task = draft.byId(id);
        if (task === undefined) return;
        draft.require(id);
        const since = context.history().since(id, reading.task.revision);
        changed = applyHandEdit(draft, task, reading.task, since).length > 0;
      });
    } catch (error) {
      if (!TaskError.is(error) || error.code === 'StoreNotWritable') throw error;
      await this.putAside(id, error.message);
    }
    return changed;
  }

  /** The next revision of the record in memory: other processes may have read the task before the manual edit. */
  private async adopt({ id, revision }: TaskRecord): Promise<void> {
    const { adoptRecord } = await rules();
    await this.context.mutate('task.edited', (draft) => {
      const task = draft.byId(id);
      // Another process has found it as well, and was faster.
      if (task?.revision !== revision) return;
      draft.require(id);
      adoptRecord(draft, { ...task, revision: task.revision + 1 });
    });
  }

  private async adoptNew(record: TaskRecord): Promise<void> {
    const { adoptRecord } = await rules();
    try {
      await this.context.mutate('task.added', (draft) => {
        if (draft.byId(record.id) !== undefined) return;
        const other = draft.byNumber(record.number);
        if (other !== undefined) throw new TaskError('InvalidInput', `It has the number of ${other.id}.`);
        adoptRecord(draft, record);
      });
    } catch (error) {
      if (!TaskError.is(error) || error.code === 'StoreNotWritable') throw error;
      await this.putAside(record.id, error.message);
    }
  }

  private async putAside(id: string, reason: string): Promise<void> {
    const { fs, layout, now, problem, touch, state } = this.context;
    const file = taskFile(layout, id);
    await quarantine(fs, layout, [{ file, reason }], now());
    this.seen.delete(id);
    problem(`${file}: ${reason}`);
    if (state.byId(id) !== undefined) touch(id);
  }

  private read(id: string): TaskFileReading | undefined {
    return readTaskFile(this.context, `${id}.json`);
  }

  private signature(id: string): string | undefined {
    const look = this.context.fs.lookSync(taskFile(this.context.layout, id));
    return look === undefined ? undefined : signature(look);
  }
}

function signature({ ino, mtimeMs, size }: Omit<FileLook, 'ctimeMs'>): string {
  return `${ino}:${mtimeMs}:${size}`;
}
