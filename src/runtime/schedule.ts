import { isReady } from '../core/task/run.ts';
import { priorities, type TaskRecord } from '../core/task/schema.ts';
import type { StoreView } from '../store/view.ts';

const rank = new Map<string, number>(priorities.map((name, index) => [name, index]));

/**
 * The ready tasks in the order in which they are to run: highest priority first, then the longest chain of tasks that
 * wait for it, then the oldest.
 */
export function readyTasks(view: StoreView): TaskRecord[] {
  const ready: TaskRecord[] = [];
  for (const status of ['pending', 'paused'] as const) {
    for (const task of view.byStatus(status)) if (isReady(task, (id) => view.byId(id))) ready.push(task);
  }
  const chains = new Map<string, number>();
  const chain = (task: TaskRecord): number => {
    const known = chains.get(task.id);
    if (known !== undefined) return known;
    const length = chainLength(view, task);
    chains.set(task.id, length);
    return length;
  };
  return ready.sort(
    (a, b) => (rank.get(a.priority) ?? 0) - (rank.get(b.priority) ?? 0) || chain(b) - chain(a) || a.number - b.number,
  );
}

/** True when a task that was asked for waits only for this one to be completed. */
export function holdsUpOthers(view: StoreView, task: TaskRecord): boolean {
  for (const dependent of view.dependents(task.id)) {
    const open = dependent.depends_on.filter((id) => view.byId(id)?.status !== 'completed');
    if (dependent.queued_at !== undefined && open.length === 1 && open[0] === task.id) return true;
  }
  return false;
}

/** Tasks in the longest chain of dependents after this one. Walks level by level, so that no depth overflows the stack. */
function chainLength(view: StoreView, task: TaskRecord): number {
  const seen = new Set<string>([task.id]);
  let level: TaskRecord[] = [task];
  let length = -1;
  while (level.length > 0) {
    length += 1;
    const next: TaskRecord[] = [];
    for (const current of level) {
      for (const dependent of view.dependents(current.id)) {
        if (seen.has(dependent.id)) continue;
        seen.add(dependent.id);
        next.push(dependent);
      }
    }
    level = next;
  }
  return length;
}
