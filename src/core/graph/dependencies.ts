import { TaskError } from '../errors.ts';
import { textStep } from '../next-step.ts';
import type { TaskRecord } from '../task/schema.ts';

type Find = (id: string) => TaskRecord | undefined;

/**
 * Checks that a task may depend on others: they exist, it is not itself, and no circle closes.
 *
 * @throws TaskError `DependencyMissing` or `DependencyCycle` with the path of the circle
 */
export function checkDependencies(
  task: { readonly id: string; readonly title: string },
  dependsOn: readonly string[],
  find: Find,
): void {
  // One walk over everything that the new dependencies lead to, however many they are; deep chains need no stack.
  const cameFrom = new Map<string, TaskRecord | undefined>();
  const waiting: TaskRecord[] = [];
  for (const id of dependsOn) {
    if (id === task.id) throw cycle([task.title, task.title]);
    const dependency = find(id);
    if (dependency === undefined) {
      throw new TaskError('DependencyMissing', `Task "${task.title}" cannot depend on ${id}: there is no such task.`);
    }
    cameFrom.set(id, undefined);
    waiting.push(dependency);
  }
  for (let current = waiting.pop(); current !== undefined; current = waiting.pop()) {
    if (current.id === task.id) throw cycle([task.title, ...wayTo(current, cameFrom).map((step) => step.title)]);
    for (const id of current.depends_on) {
      const next = cameFrom.has(id) ? undefined : find(id);
      if (next === undefined) continue;
      cameFrom.set(id, current);
      waiting.push(next);
    }
  }
}

/**
 * Checks that a task may be a part of another: the parent exists and is not one of its own parts.
 *
 * @throws TaskError `DependencyMissing` or `DependencyCycle`
 */
export function checkParent(task: { readonly id: string; readonly title: string }, parentId: string, find: Find): void {
  const seen = new Set<string>();
  let id: string | undefined = parentId;
  while (id !== undefined && !seen.has(id)) {
    seen.add(id);
    const parent = find(id);
    if (id === task.id) throw cycle([task.title, parent?.title ?? task.title]);
    if (parent === undefined && id === parentId) {
      throw new TaskError(
        'DependencyMissing',
        `Task "${task.title}" cannot be a part of ${id}: there is no such task.`,
      );
    }
    id = parent?.parent_id;
  }
}

/** The tasks on the way that was walked to `end`, that one included. */
function wayTo(end: TaskRecord, cameFrom: ReadonlyMap<string, TaskRecord | undefined>): TaskRecord[] {
  const way: TaskRecord[] = [];
  for (let task: TaskRecord | undefined = end; task !== undefined; task = cameFrom.get(task.id)) way.push(task);
  return way.reverse();
}

function cycle(titles: string[]): TaskError {
  const shown = titles.length <= 12 ? titles : [...titles.slice(0, 8), '…', ...titles.slice(-3)];
  return new TaskError('DependencyCycle', `That would close a circle: ${shown.join(' → ')}.`, {
    next: [textStep('Remove one of these dependencies first.')],
    details: { path: titles },
  });
}
