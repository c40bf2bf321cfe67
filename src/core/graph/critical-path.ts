import { isTerminal } from '../task/lifecycle.ts';
import type { TaskRecord } from '../task/schema.ts';
import { dependencyOrder } from './order.ts';

/**
 * The longest chain of unfinished tasks that wait for each other: the work that decides when all of it can be completed.
 * Ids in the order in which the tasks run; empty if no unfinished task waits for another one.
 */
export function criticalPath(tasks: Iterable<TaskRecord>): string[] {
  const open = [...tasks].filter(({ status }) => !isTerminal(status));
  const length = new Map<string, number>();
  const before = new Map<string, string>();
  let last: string | undefined;
  for (const { id, depends_on } of dependencyOrder(open).layers.flat()) {
    let longest = 0;
    for (const dependency of depends_on) {
      const steps = length.get(dependency) ?? 0;
      if (steps <= longest) continue;
      longest = steps;
      before.set(id, dependency);
    }
    length.set(id, longest + 1);
    if (longest + 1 > (last === undefined ? 1 : (length.get(last) ?? 1))) last = id;
  }
  const path: string[] = [];
  // A cycle has no length beyond its own tasks: the walk ends at the first task without a known one before it.
  for (let at = last; at !== undefined && path.length <= length.size; at = before.get(at)) path.push(at);
  return path.reverse();
}
