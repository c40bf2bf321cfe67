import type { TaskRecord } from '../../core/task/schema.ts';

/** Callers that fall further behind read everything again, which costs about as much. */
const KEPT = 256;

/** The latest changes of a state, by its versions: each task before and after. */
export class RecentChanges {
  private readonly before: (TaskRecord | undefined)[] = [];
  private readonly after: (TaskRecord | undefined)[] = [];
  /** Changes up to this version are unknown. */
  private first = 0;

  note(version: number, before: TaskRecord | undefined, after: TaskRecord | undefined): void {
    this.before[version % KEPT] = before;
    this.after[version % KEPT] = after;
  }

  /** With this version everything became something else. */
  forget(version: number): void {
    this.first = version;
    this.before.length = 0;
    this.after.length = 0;
  }

  /** Tasks that changed after a version and up to another; undefined if that is no longer known. */
  since(version: number, now: number): TaskRecord[] | undefined {
    if (version < this.first || now - version > KEPT) return undefined;
    const tasks: TaskRecord[] = [];
    for (let each = version + 1; each <= now; each += 1) {
      for (const task of [this.before[each % KEPT], this.after[each % KEPT]]) if (task !== undefined) tasks.push(task);
    }
    return tasks;
  }
}
