import type { TaskRecord } from '../task/schema.ts';

/** Completed tasks among the tasks below a task. Cancelled ones do not count. */
export interface PartsDone {
  readonly done: number;
  readonly total: number;
}

/** Counts the tasks below a task at any depth that have no tasks below themselves. Undefined without any. */
export function partsDone(
  id: string,
  childrenOf: (id: string) => Iterable<Pick<TaskRecord, 'id' | 'status'>>,
): PartsDone | undefined {
  const seen = new Set([id]);
  const open = [...childrenOf(id)];
  let done = 0;
  let total = 0;
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (seen.has(part.id)) continue;
    seen.add(part.id);
    const below = [...childrenOf(part.id)];
    open.push(...below);
    if (below.length > 0 || part.status === 'cancelled') continue;
    total += 1;
    if (part.status === 'completed') done += 1;
  }
  return total === 0 ? undefined : { done, total };
}
