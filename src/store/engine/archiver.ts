import { onFirstUse } from '../../core/on-first-use.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { TransactionLine } from '../journal/lines.ts';
import type { StoreView } from '../journal/view.ts';
import type { Archive, ArchivedName } from '../ports.ts';
import type { TaskArchive } from '../repository.ts';
import type { Fate, MovesContext } from './archive-moves.ts';

export interface ArchiverContext extends Omit<MovesContext, 'records' | 'settle'> {
  /** Loads the records on first use. */
  readonly records: () => Promise<Archive>;
}

/**
 * Moves tasks between memory and archive. The journal decides where a task is. Archiving stages the file durably before
 * the transaction and renames it afterwards. Restoring is a transaction with the whole task, which deletes the file
 * afterwards. After a crash, the next process that opens or compacts the store completes the move, because it has read
 * the same lines.
 */
export class Archiver implements TaskArchive {
  private readonly context: ArchiverContext;
  private fates = new Map<string, Fate>();
  /** The notes of a reading of the journal from its beginning. */
  private noting: Map<string, Fate> | undefined;
  private readonly settling = new Map<string, Promise<void>>();
  /** Few processes move a task, or look into the archive. */
  private readonly moves = onFirstUse(async () => {
    const [{ ArchiveMoves }, records] = await Promise.all([import('./archive-moves.ts'), this.context.records()]);
    return new ArchiveMoves({ ...this.context, records, settle: (id) => this.settle(id) });
  });

  constructor(context: ArchiverContext) {
    this.context = context;
  }

  async add(pick: (view: StoreView) => readonly TaskRecord[]): Promise<TaskRecord[]> {
    return (await this.moves()).add(pick);
  }

  async restore(names: readonly ArchivedName[]): Promise<TaskRecord[]> {
    return (await this.moves()).restore(names);
  }

  async delete(ids: readonly string[]): Promise<void> {
    await (await this.moves()).delete(ids);
  }

  async names(): Promise<ArchivedName[]> {
    return (await this.moves()).names();
  }

  async read(name: ArchivedName): Promise<TaskRecord | undefined> {
    return (await this.moves()).read(name);
  }

  /** Records a line of the journal; `before` is the record in memory. */
  note(line: TransactionLine, before: (id: string) => TaskRecord | undefined): void {
    const generation = line.gen;
    const fates = this.noting ?? this.fates;
    for (const change of line.ops) {
      const { op, id } = change;
      const number = before(id)?.number ?? fates.get(id)?.number;
      if (op === 'restore') {
        const { number: restored, revision } = change.task;
        fates.set(id, { kind: 'restored', number: restored, revision, generation });
      } else if (op === 'create') fates.delete(id);
      else if (op === 'delete' && change.archived === undefined) {
        fates.set(id, { kind: 'deleted', number, generation });
      } else if (op === 'delete') {
        fates.set(id, { kind: 'archived', token: change.archived ?? '', number, generation });
      }
      if (op === 'delete') this.context.logs.ended(id, change.archived === undefined);
      else if (op !== 'set') this.context.logs.expect(id);
    }
  }

  /** The journal is being reread from its beginning; the earlier state remains valid until `noted`. */
  forget(): void {
    this.noting = new Map();
  }

  noted(): void {
    this.fates = this.noting ?? this.fates;
    this.noting = undefined;
  }

  /** The segment was removed: its changes are applied by now. */
  forgetUpTo(generation: number): void {
    for (const [id, fate] of this.fates) if (fate.generation <= generation) this.fates.delete(id);
  }

  /** Applies the journal to the files. Idempotent, and safe in several processes at once. */
  settle(id: string): Promise<void> {
    const running = this.settling.get(id) ?? Promise.resolve();
    const done = running
      .catch(() => {})
      .then(() => this.settleOnce(id))
      .finally(() => {
        if (this.settling.get(id) === done) this.settling.delete(id);
      });
    this.settling.set(id, done);
    return done;
  }

  /** Waits until all that is being moved has been. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.settling.values());
  }

  private async settleOnce(id: string): Promise<void> {
    // Without one, the task did not change, or its pending work is done.
    if (!this.fates.has(id)) return;
    const moves = await this.moves();
    const fate = this.fates.get(id);
    if (fate !== undefined) await moves.apply(id, fate);
  }

  /** After opening: completes moves that a crash interrupted. Deletions wait for the next compaction. */
  async settleAll(): Promise<void> {
    const moved = [...this.fates].filter(([, fate]) => fate.kind !== 'deleted');
    if (moved.length > 0) await (await this.moves()).complete(moved);
  }

  /** Reads archived tasks that tasks in memory depend on. */
  async keepUnknown(): Promise<void> {
    const unknown = new Set(this.context.state.unknownDependencies());
    if (unknown.size > 0) await (await this.moves()).keep(unknown);
  }

  /** Whether a task is in the archive according to the journal. */
  isArchived(id: string): boolean {
    return this.fates.get(id)?.kind === 'archived';
  }
}
