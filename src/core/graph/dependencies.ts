import { TaskError } from '../errors.ts';
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
  for (const id of dependsOn) {
    if (id === task.id) throw cycle([task.title, task.title]);
    const dependency = find(id);
    if (dependency === undefined) {
      throw new TaskError('DependencyMissing', `Task "${task.title}" cannot depend on ${id}: there is no such task.`);
    }
    const path = pathTo(dependency, task.id, find);
    if (path !== undefined) throw cycle([task.title, ...path.map((step) => step.title)]);
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

/** What still keeps a task from starting: the dependencies that are not completed, missing ones as their ids. */
export function openDependencies(task: TaskRecord, find: Find): { id: string; task: TaskRecord | undefined }[] {
  return task.depends_on
    .map((id) => ({ id, task: find(id) }))
    .filter((dependency) => dependency.task?.status !== 'completed');
}

/** Depth first over the dependencies of `from`; the tasks on the way to `target`, both included, or undefined. */
function pathTo(from: TaskRecord, target: string, find: Find): TaskRecord[] | undefined {
  const seen = new Set<string>([from.id]);
  const cameFrom = new Map<string, TaskRecord>();
  const stack: TaskRecord[] = [from];
  for (let task = stack.pop(); task !== undefined; task = stack.pop()) {
    if (task.id === target) return walkBack(task, cameFrom);
    for (const id of task.depends_on) {
      const next = find(id);
      if (next === undefined || seen.has(id)) continue;
      seen.add(id);
      cameFrom.set(id, task);
      stack.push(next);
    }
  }
  return undefined;
}

function walkBack(end: TaskRecord, cameFrom: ReadonlyMap<string, TaskRecord>): TaskRecord[] {
  const path: TaskRecord[] = [];
  for (let task: TaskRecord | undefined = end; task !== undefined; task = cameFrom.get(task.id)) path.unshift(task);
  return path;
}

function cycle(titles: string[]): TaskError {
  return new TaskError('DependencyCycle', `That would close a circle: ${titles.join(' → ')}.`, {
    hint: 'Remove one of these dependencies first.',
    details: { path: titles },
  });
}
