import type { TaskRecord } from '../../core/task/schema.ts';
import type { VersionedView } from '../journal/view.ts';

/** Caches data derived from all tasks of a view. */
export interface Derived {
  /** Starts over with all tasks. */
  build(tasks: Iterable<TaskRecord>): void;
  /** @param after undefined for a deleted task */
  change(id: string, after: TaskRecord | undefined): void;
}

/** Updates derived data on use, so that changes without a reader cost nothing. */
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
