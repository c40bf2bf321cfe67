import type { TaskRecord } from '../../core/task/schema.ts';
import { compileSort } from '../../core/task/sort.ts';
import type { Derived } from './view-mirror.ts';

const compare = compileSort('title');

/** All tasks that are not archived, by title. */
export class TitleOrder implements Derived {
  private tasks: TaskRecord[] = [];
  /** Whether a list that was found has `tasks`, which are then copied before they change. */
  private shared = false;
  private readonly known = new Map<string, TaskRecord>();

  get bytes(): number {
    // A map has about four words per entry.
    return this.tasks.length * (8 + 32);
  }

  build(tasks: Iterable<TaskRecord>): void {
    this.tasks = [...tasks].filter(isListed).sort(compare);
    this.shared = false;
    this.known.clear();
    for (const task of this.tasks) this.known.set(task.id, task);
  }

  change(id: string, after: TaskRecord | undefined): void {
    const before = this.known.get(id);
    if (this.shared) this.tasks = this.tasks.slice();
    this.shared = false;
    const { tasks } = this;
    if (before !== undefined) tasks.splice(placeOf(before, tasks), 1);
    this.known.delete(id);
    if (after !== undefined && isListed(after)) {
      tasks.splice(placeOf(after, tasks), 0, after);
      this.known.set(id, after);
    }
  }

  sorted(): readonly TaskRecord[] {
    this.shared = true;
    return this.tasks;
  }
}

/** Archived tasks are in no list by default. */
function isListed(task: TaskRecord): boolean {
  return task.archived_at === undefined;
}

function placeOf(task: TaskRecord, tasks: readonly TaskRecord[]): number {
  let low = 0;
  for (let high = tasks.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if (compare(tasks[middle] as TaskRecord, task) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
