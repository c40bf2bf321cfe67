import type { TaskRecord } from '../../core/task/schema.ts';
import type { VersionedView } from '../journal/view.ts';

/** Keeps what is derived from all tasks of a view. */
export interface Derived {
  /** Starts over with all tasks. */
  build(tasks: Iterable<TaskRecord>): void;
  /** @param after undefined for a task that is gone */
  change(id: string, after: TaskRecord | undefined): void;
}

/** Brings derived data up to date when it is used: changes that nobody asks about cost nothing. */
export class ViewMirror {
  private readonly view: VersionedView;
  private readonly derived: Derived;
  private version: number | undefined;

  constructor(view: VersionedView, derived: Derived) {
    this.view = view;
    this.derived = derived;
  }

  refresh(): void {
    const { view, derived } = this;
    const changed = this.version === undefined ? undefined : view.changedSince(this.version);
    this.version = view.version;
    if (changed === undefined) derived.build(view.all());
    else for (const id of new Set(changed.map((task) => task.id))) derived.change(id, view.byId(id));
  }
}
