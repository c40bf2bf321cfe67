import { firstOf } from '../../core/first-of.ts';
import type { TaskRecord } from '../../core/task/schema.ts';

/**
 * The result of a query in order. Sorted fully on access beyond the first page, because sorting is nearly the whole
 * cost of a large list.
 */
export class FoundTasks {
  private tasks: readonly TaskRecord[];
  private readonly compare: (a: TaskRecord, b: TaskRecord) => number;
  private inOrder: boolean;

  constructor(tasks: readonly TaskRecord[], compare: (a: TaskRecord, b: TaskRecord) => number, inOrder = false) {
    this.tasks = tasks;
    this.compare = compare;
    this.inOrder = inOrder;
  }

  get total(): number {
    return this.tasks.length;
  }

  sorted(): readonly TaskRecord[] {
    if (!this.inOrder) this.tasks = [...this.tasks].sort(this.compare);
    this.inOrder = true;
    return this.tasks;
  }

  slice(start: number, end: number): TaskRecord[] {
    return start === 0 && !this.inOrder ? firstOf(this.tasks, end, this.compare) : this.sorted().slice(start, end);
  }
}
