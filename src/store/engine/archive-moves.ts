import { TaskError } from '../../core/errors.ts';
import { operationStep, textStep } from '../../core/next-step.ts';
import { newPartId } from '../../core/task/id.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { StoreMutation } from '../journal/draft.ts';
import { fromOutside } from '../journal/hand-edit.ts';
import type { StoreState } from '../journal/state.ts';
import type { StoreView } from '../journal/view.ts';
import type { Archive, ArchivedName, LogStore } from '../ports.ts';
import { notWritable } from '../storage-errors.ts';

const MAX_ATTEMPTS = 50;
const PARALLEL = 16;

/** The last place of a task according to the journal. */
export type Fate = { readonly generation: number; readonly number: number | undefined } & (
  | { readonly kind: 'archived'; readonly token: string }
  | { readonly kind: 'restored'; readonly revision: number }
  | { readonly kind: 'deleted' }
);

export interface MovesContext {
  readonly records: Archive;
  readonly logs: LogStore;
  readonly state: StoreState;
  readonly refresh: () => Promise<void>;
  readonly mutate: <T>(name: string, mutation: StoreMutation<T>) => Promise<T>;
  readonly now: () => string;
  /** Applies the journal to the files of a task. */
  readonly settle: (id: string) => Promise<void>;
  /** Called for work that remains, by the next one to open or to compact. */
  readonly report: (error: unknown) => void;
}

/** Thrown inside a mutation when the staged state is out of date. */
class Overtaken extends Error {}

/** The steps by which tasks move between memory and archive. */
export class ArchiveMoves {
  private readonly context: MovesContext;

  constructor(context: MovesContext) {
    this.context = context;
  }

  async add(pick: (view: StoreView) => readonly TaskRecord[]): Promise<TaskRecord[]> {
    const { context } = this;
    await context.refresh();
    for (let attempt = 1; ; attempt += 1) {
      const tasks = pick(context.state);
      const staged = await this.stage(tasks);
      try {
        await context.mutate('task.archive', (draft) => {
          const now = new Map(pick(draft).map((task) => [task.id as string, task]));
          for (const { task, token } of staged) {
            if (now.get(task.id)?.revision !== task.revision) throw new Overtaken();
            draft.archive(task.id, token);
          }
        });
      } catch (error) {
        // Any other failure may be one of the disk after the journal had the line: then these files are the tasks.
        if (!(error instanceof Overtaken)) throw error;
        for (const { task, token } of staged) await context.records.discard(task, token);
        if (attempt === MAX_ATTEMPTS) {
          throw new TaskError('RevisionConflict', 'Others kept changing the tasks.', {
            next: [textStep('Try again.')],
          });
        }
        await context.refresh();
        continue;
      }
      await this.settleSoon(staged.map(({ task }) => task.id));
      return staged.map(({ task }) => task);
    }
  }

  async restore(names: readonly ArchivedName[]): Promise<TaskRecord[]> {
    const { context } = this;
    const tasks: TaskRecord[] = [];
    for (const name of names) {
      const task = await this.read(name);
      if (task === undefined) throw notArchived(name);
      const { archived_at: _, ...record } = task;
      tasks.push({ ...record, revision: task.revision + 1, updated_at: context.now() } as TaskRecord);
    }
    await context.mutate('task.unarchive', (draft) => {
      for (const task of tasks) draft.restore(task);
    });
    await this.keep(new Set(context.state.unknownDependencies()));
    await this.settleSoon(tasks.map(({ id }) => id));
    return tasks.map((task) => context.state.byId(task.id) ?? task);
  }

  async delete(ids: readonly string[]): Promise<void> {
    await this.context.mutate('task.delete', (draft) => {
      for (const id of ids) draft.delete(id);
    });
    await this.settleSoon(ids);
  }

  /** A task in memory is not archived, even if a crash left its file in the archive. */
  async names(): Promise<ArchivedName[]> {
    return (await this.context.records.names()).filter(({ id }) => this.context.state.byId(id) === undefined);
  }

  async read(name: ArchivedName): Promise<TaskRecord | undefined> {
    if (this.context.state.byId(name.id) !== undefined) return undefined;
    const record = await this.context.records.read(name);
    return record?.foreign === true ? fromOutside(record.task) : record?.task;
  }

  /** Brings the files of a task to where the journal has it. Idempotent, and safe in several processes at once. */
  async apply(id: string, fate: Fate): Promise<void> {
    const { records, logs } = this.context;
    const name = await this.nameOf(id, fate);
    if (fate.kind === 'archived') {
      if (name !== undefined) await records.publish(name, fate.token);
      await logs.archive(id);
    } else {
      if (name !== undefined) await records.remove(name, fate.kind === 'restored' ? fate.revision : undefined);
      if (fate.kind === 'restored') await logs.restore(id);
      else await logs.remove(id);
    }
  }

  /** Completes those of these moves that a crash interrupted. */
  async complete(moved: readonly (readonly [id: string, fate: Fate])[]): Promise<void> {
    const { records, logs } = this.context;
    const staged = new Set((await records.stagedNames()).map(({ token }) => token));
    const archived = new Set((await records.names(moved.map(([id]) => id))).map(({ id }) => id));
    const [live, old] = await Promise.all([logs.ids(), logs.archivedIds()]);
    const open = moved.filter(([id, fate]) =>
      fate.kind === 'archived'
        ? staged.has(fate.token) || !archived.has(id) || live.has(id)
        : archived.has(id) || old.has(id),
    );
    await this.settleSoon(open.map(([id]) => id));
  }

  /** The journal contains it: a failed move of a file reverts nothing. */
  private async settleSoon(ids: readonly string[]): Promise<void> {
    await inParallel(ids, (id) => this.context.settle(id).catch(this.context.report));
  }

  /** Reads those of these tasks that are archived: tasks in memory depend on them. */
  async keep(unknown: ReadonlySet<string>): Promise<void> {
    if (unknown.size === 0) return;
    const names = await this.context.records.names([...unknown]);
    await inParallel(names, async (name) => {
      const record = await this.context.records.read(name);
      // Nothing starts because a file from elsewhere says that something was completed.
      if (record?.foreign === false) this.context.state.keepArchived(record.task);
    });
  }

  private async stage(tasks: readonly TaskRecord[]): Promise<{ task: TaskRecord; token: string }[]> {
    const at = this.context.now();
    const staged = tasks.map((task) => ({ task: { ...task, archived_at: at }, token: newPartId('archived') }));
    try {
      await inParallel(staged, ({ task, token }) => this.context.records.stage(task, token));
      if (staged.length > 0) await this.context.records.sync();
    } catch (error) {
      throw notWritable(error);
    }
    return staged;
  }

  /** The number is not known when the journal is read again after the task's own file was removed. */
  private async nameOf(id: string, fate: Fate): Promise<ArchivedName | undefined> {
    if (fate.number !== undefined) return { id, number: fate.number };
    const { records } = this.context;
    if (fate.kind === 'archived') return (await records.stagedNames()).find(({ token }) => token === fate.token);
    return (await records.names([id]))[0];
  }
}

function notArchived({ number }: ArchivedName): TaskError {
  return new TaskError('TaskNotFound', `There is no archived task #${number}.`, {
    next: [operationStep('List archived tasks', 'task.list', { archived: true })],
  });
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, items.length) }, worker));
}
