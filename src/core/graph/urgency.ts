import { isTerminal } from '../task/lifecycle.ts';
import { priorities, type TaskRecord } from '../task/schema.ts';

/** The tasks in their current state. */
interface UrgencyTasks {
  find(id: string): TaskRecord | undefined;
  /** Tasks that depend on this one, whether it is there or not. */
  dependents(id: string): Iterable<TaskRecord>;
  /** True when its dependents no longer wait for it. */
  isDone(id: string): boolean;
}

const rank = new Map<string, number>(priorities.map((name, index) => [name, index]));
const NONE: number = priorities.length;

/**
 * The urgency of tasks: a task is as urgent as the most urgent task that waits for it, directly or through others.
 * Otherwise a critical task would wait until every medium one has run. Kept up to date: a change costs what the tasks
 * around it cost.
 */
export class Urgency {
  private readonly tasks: UrgencyTasks;
  private readonly changed: (id: string) => void;
  /** The urgency that each task passes on to its dependencies; missing for `NONE`. */
  private readonly passed = new Map<string, number>();
  /** The urgency of the most urgent task that waits for a task; missing for `NONE`. */
  private readonly lifted = new Map<string, number>();

  /** @param changed is called for each task whose urgency has changed */
  constructor(tasks: UrgencyTasks, changed: (id: string) => void) {
    this.tasks = tasks;
    this.changed = changed;
  }

  /** 0 for `critical`; more is less urgent. */
  of({ id, priority }: Pick<TaskRecord, 'id' | 'priority'>): number {
    return Math.min(rank.get(priority) ?? 0, this.liftOf(id));
  }

  /** Takes in a task that came, changed or went; `old` and `now` are its dependencies before and after. */
  update(id: string, old: readonly string[], now: readonly string[]): void {
    // A done task is not counted while it is done; its dependents are counted when it starts over.
    this.setLift(id, this.counted(id));
    const queue = new Set([id]);
    for (const each of old) if (!now.includes(each)) this.recount(each, queue);
    for (const at of queue) {
      // It may have to be passed on again later in the same walk.
      queue.delete(at);
      this.pass(at, queue);
    }
  }

  /** Passes the urgency of a task on to its dependencies; those that change join the queue. */
  private pass(id: string, queue: Set<string>): void {
    const task = this.tasks.find(id);
    const before = this.passed.get(id) ?? NONE;
    const after = task === undefined || task.depends_on.length === 0 || isTerminal(task.status) ? NONE : this.of(task);
    if (after === NONE) this.passed.delete(id);
    else this.passed.set(id, after);
    for (const each of task?.depends_on ?? []) {
      const lift = this.liftOf(each);
      if (after < lift) {
        this.setLift(each, after);
        queue.add(each);
      } else if (after > before && before === lift) this.recount(each, queue);
    }
  }

  private recount(id: string, queue: Set<string>): void {
    if (this.tasks.isDone(id)) return;
    if (this.setLift(id, this.counted(id))) queue.add(id);
  }

  private counted(id: string): number {
    if (this.tasks.isDone(id)) return this.liftOf(id);
    let lift = NONE;
    for (const dependent of this.tasks.dependents(id)) lift = Math.min(lift, this.passed.get(dependent.id) ?? NONE);
    return lift;
  }

  private liftOf(id: string): number {
    return this.lifted.get(id) ?? NONE;
  }

  private setLift(id: string, lift: number): boolean {
    if (this.liftOf(id) === lift) return false;
    if (lift === NONE) this.lifted.delete(id);
    else this.lifted.set(id, lift);
    this.changed(id);
    return true;
  }
}
