import { TaskError } from '../core/errors.ts';
import { operationStep, textStep } from '../core/next-step.ts';
import { checkArchivable, endedBy } from '../core/task/archive.ts';
import { cleanReference, resolveTask } from '../core/task/reference.ts';
import type { TaskRecord } from '../core/task/schema.ts';
import type { StoreView } from './journal/view.ts';
import type { ArchivedName } from './ports.ts';
import { queryRecords, type RecordPage, type TaskQuery } from './queries/task-query.ts';
import type { Repository, TaskArchive } from './repository.ts';

const PARALLEL = 32;
/** Tasks per transaction when archived by age, so that a line of the journal stays small. */
const BATCH = 200;

/** The archive as the store's users see it: tasks are named as everywhere. */
export class ArchivedTasks {
  private readonly repository: Pick<Repository, 'archive' | 'view'>;

  constructor(repository: Pick<Repository, 'archive' | 'view'>) {
    this.repository = repository;
  }

  /**
   * Takes ended tasks out of memory, all of them or none. `dryRun` only looks whether that can be done.
   *
   * @throws TaskError `IllegalTransition`, `TaskNotFound`
   */
  async add(references: readonly string[], dryRun = false): Promise<TaskRecord[]> {
    const pick = (view: StoreView): TaskRecord[] => {
      const tasks = [...new Set(references.map((reference) => resolveTask(reference, view)))];
      checkArchivable(tasks, view);
      return tasks;
    };
    return dryRun ? pick(this.repository.view) : this.archive.add(pick);
  }

  /** Archives tasks that ended before a time (ISO 8601). `dryRun` only lists them. */
  async addEndedBy(moment: string, dryRun = false): Promise<TaskRecord[]> {
    const { view } = this.repository;
    const wanted = endedBy(view.all(), view, moment);
    if (dryRun) return wanted;
    const archived: TaskRecord[] = [];
    for (let at = 0; at < wanted.length; at += BATCH) {
      const ids = new Set<string>(wanted.slice(at, at + BATCH).map((task) => task.id));
      const add = (now: StoreView): TaskRecord[] => endedBy(now.all(), now, moment).filter(({ id }) => ids.has(id));
      archived.push(...(await this.archive.add(add)));
    }
    return archived;
  }

  /** Brings tasks back with their number, id and log. @throws TaskError `TaskNotFound`, `AmbiguousTask` */
  async restore(references: readonly string[]): Promise<TaskRecord[]> {
    const names = new Map<string, ArchivedName>();
    for (const reference of references) {
      const { id, number } = await this.require(reference);
      names.set(id, { id, number });
    }
    return this.archive.restore([...names.values()]);
  }

  async delete(ids: readonly string[]): Promise<void> {
    await this.archive.delete(ids);
  }

  /** By number; reads none of them. */
  names(): Promise<ArchivedName[]> {
    return this.archive.names();
  }

  async count(): Promise<number> {
    return (await this.names()).length;
  }

  /** Filters, sorts and pages as with tasks in memory. Reads every archived task. */
  async list(query: TaskQuery = {}): Promise<RecordPage> {
    return queryRecords(await this.all(), query);
  }

  async all(): Promise<TaskRecord[]> {
    return this.readAll(await this.archive.names());
  }

  /** By number, full id or exact title. @throws TaskError `AmbiguousTask` */
  async find(reference: string): Promise<TaskRecord | undefined> {
    const wanted = cleanReference(reference);
    const names = await this.archive.names();
    if (names.length === 0) return undefined;
    const digits = /^#?(\d{1,9})$/.exec(wanted)?.[1];
    const exact = names.find(({ id }) => id === wanted) ?? names.find(({ number }) => number === Number(digits));
    if (exact !== undefined) return this.archive.read(exact);
    const titled = (await this.readAll(names)).filter((task) => task.title === wanted);
    return titled.length === 0 ? undefined : only(wanted, titled);
  }

  /** @throws TaskError `IllegalTransition` if this names an archived task, which does not change */
  async refuse(reference: string): Promise<void> {
    const task = await this.find(reference);
    if (task === undefined) return;
    throw new TaskError('IllegalTransition', `#${task.number} is archived and does not change.`, {
      next: [operationStep('Bring it back', 'task.unarchive', { tasks: [task.number] })],
    });
  }

  /** @throws TaskError `TaskNotFound`, `AmbiguousTask` */
  async require(reference: string): Promise<TaskRecord> {
    const task = await this.find(reference);
    if (task !== undefined) return task;
    throw new TaskError('TaskNotFound', `There is no archived task "${reference}".`, {
      next: [operationStep('List archived tasks', 'task.list', { archived: true })],
    });
  }

  private get archive(): TaskArchive {
    return this.repository.archive;
  }

  private async readAll(names: readonly ArchivedName[]): Promise<TaskRecord[]> {
    const tasks: TaskRecord[] = [];
    const queue = names.values();
    const work = async (): Promise<void> => {
      for (const name of queue) {
        const task = await this.archive.read(name);
        if (task !== undefined) tasks.push(task);
      }
    };
    await Promise.all(Array.from({ length: Math.min(PARALLEL, names.length) }, work));
    return tasks.sort((a, b) => a.number - b.number);
  }
}

function only(reference: string, found: readonly TaskRecord[]): TaskRecord | undefined {
  const [first, second] = found;
  if (second === undefined) return first;
  throw new TaskError('AmbiguousTask', `"${reference}" can mean ${found.length} archived tasks.`, {
    next: [
      textStep(
        `Use a number: ${found
          .slice(0, 10)
          .map(({ number, title }) => `#${number} ${title}`)
          .join('; ')}.`,
      ),
    ],
    details: { candidates: found.slice(0, 10).map(({ id, number, title }) => ({ id, number, title })) },
  });
}
