import type { Frontier } from '../../core/graph/frontier.ts';
import type { TaskRecord, TaskStatus } from '../../core/task/schema.ts';
import type { StoreView } from './view.ts';

/** A view as it will be once some changes are committed. */
export class OverlayView implements StoreView {
  protected readonly base: StoreView;
  /** The tasks that differ from the base; undefined for a deleted task. */
  protected readonly changed = new Map<string, TaskRecord | undefined>();

  constructor(base: StoreView) {
    this.base = base;
  }

  /** Merges the changes of another overlay over this one. */
  absorb(other: OverlayView): void {
    for (const [id, task] of other.changed) this.changed.set(id, task);
  }

  get size(): number {
    return this.base.size;
  }

  get frontier(): Frontier {
    return this.base.frontier;
  }

  get playable(): Frontier {
    return this.base.playable;
  }

  byId(id: string): TaskRecord | undefined {
    return this.changed.has(id) ? this.changed.get(id) : this.base.byId(id);
  }

  byNumber(number: number): TaskRecord | undefined {
    return this.current(this.base.byNumber(number));
  }

  dependency(id: string): TaskRecord | undefined {
    return this.changed.has(id) ? this.changed.get(id) : this.base.dependency(id);
  }

  *all(): Iterable<TaskRecord> {
    yield* this.currentOf(this.base.all());
    for (const [id, task] of this.changed) if (task !== undefined && this.base.byId(id) === undefined) yield task;
  }

  byStatus(status: TaskStatus): Iterable<TaskRecord> {
    return this.among(this.base.byStatus(status), (task) => task.status === status);
  }

  leased(): Iterable<TaskRecord> {
    return this.among(this.base.leased(), (task) => task.lease !== undefined);
  }

  byProject(project: string): Iterable<TaskRecord> {
    return this.among(this.base.byProject(project), (task) => task.project === project);
  }

  byLabel(label: string): Iterable<TaskRecord> {
    return this.among(this.base.byLabel(label), (task) => task.labels.includes(label));
  }

  *dependents(id: string): Iterable<TaskRecord> {
    const own = [...this.changed.values()].filter((task) => task?.depends_on.includes(id as TaskRecord['id']));
    yield* this.with(this.currentOf(this.base.dependents(id)), own, (task) =>
      task.depends_on.includes(id as TaskRecord['id']),
    );
  }

  *children(id: string): Iterable<TaskRecord> {
    const own = [...this.changed.values()].filter((task) => task?.parent_id === id);
    yield* this.with(this.currentOf(this.base.children(id)), own, (task) => task.parent_id === id);
  }

  count(status: TaskStatus): number {
    return this.base.count(status);
  }

  private current(task: TaskRecord | undefined): TaskRecord | undefined {
    return task === undefined ? undefined : this.byId(task.id);
  }

  /** The members of a group that are still in it, then its new members. */
  private *among(base: Iterable<TaskRecord>, isIn: (task: TaskRecord) => boolean): Iterable<TaskRecord> {
    for (const task of this.currentOf(base)) if (isIn(task)) yield task;
    for (const [id, task] of this.changed) {
      const before = this.base.byId(id);
      if (task !== undefined && isIn(task) && (before === undefined || !isIn(before))) yield task;
    }
  }

  private *currentOf(tasks: Iterable<TaskRecord>): Iterable<TaskRecord> {
    for (const task of tasks) {
      const current = this.current(task);
      if (current !== undefined) yield current;
    }
  }

  private *with(
    base: Iterable<TaskRecord>,
    own: readonly (TaskRecord | undefined)[],
    still: (task: TaskRecord) => boolean,
  ): Iterable<TaskRecord> {
    const seen = new Set<string>();
    for (const task of [...base, ...own]) {
      if (task === undefined || seen.has(task.id) || !still(task)) continue;
      seen.add(task.id);
      yield task;
    }
  }
}
