import type { TaskRecord } from '../core/task/schema.ts';
import type { StoreView } from './journal/view.ts';

/** What is known of an archived task without reading it. */
export interface ArchivedName {
  readonly id: string;
  readonly number: number;
}

/** Tasks that were taken out of memory. They keep their number, id and log, and can come back. */
export interface Archive {
  /**
   * Archives the tasks that `pick` names, all of them or none. It is called again when one of them was changed meanwhile, and throws to
   * refuse.
   *
   * @returns the tasks as they are in the archive
   */
  add(pick: (view: StoreView) => readonly TaskRecord[]): Promise<TaskRecord[]>;
  /** Brings tasks back, all of them or none. @throws TaskError `TaskNotFound` for one that is not archived */
  restore(names: readonly ArchivedName[]): Promise<TaskRecord[]>;
  /** Removes archived tasks with their logs. */
  delete(ids: readonly string[]): Promise<void>;
  /** By number. */
  names(): Promise<ArchivedName[]>;
  /** @returns undefined when it is not archived, or cannot be understood */
  read(name: ArchivedName): Promise<TaskRecord | undefined>;
}
