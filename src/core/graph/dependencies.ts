import { TaskError } from '../errors.ts';
import { textStep } from '../next-step.ts';
import type { TaskRecord } from '../task/schema.ts';

type Find = (id: string) => TaskRecord | undefined;
type DependentTask = Pick<TaskRecord, 'title'> & { readonly id: string } & Partial<
    Pick<TaskRecord, 'kind' | 'parent_id'>
  >;

/**
 * Checks that a task may depend on others: they exist, it is not itself, no circle closes, and no group waits for its own
 * parts.
 *
 * @throws TaskError `DependencyMissing` or `DependencyCycle` with the path of the circle
 */
export function checkDependencies(task: DependentTask, dependsOn: readonly string[], find: Find): void {
  // One walk over everything that the new dependencies lead to, however many they are; deep chains need no stack.
  const cameFrom = new Map<string, TaskRecord | undefined>();
  const waiting: TaskRecord[] = [];
  for (const id of dependsOn) {
    if (id === task.id) {
      throw new TaskError('DependencyCycle', `Task "${task.title}" cannot depend on itself.`, {
        next: [textStep('Name another task.')],
        details: { path: [task.title, task.title] },
      });
    }
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
  for (const id of dependsOn) requireOutside(task, id, find);
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
    if (id === task.id) throw partOfItself(task, find(parentId));
    if (parent === undefined && id === parentId) {
      throw new TaskError(
        'DependencyMissing',
        `Task "${task.title}" cannot be a part of ${id}: there is no such task.`,
      );
    }
    id = parent?.parent_id;
  }
}

/**
 * A group is completed by its parts: it cannot wait for one, and no part can wait for it.
 *
 * @throws TaskError `DependencyCycle`
 */
function requireOutside(task: DependentTask, id: string, find: Find): void {
  const dependency = find(id);
  const self = find(task.id) ?? task;
  if (self.kind === 'group' && isBelow(dependency, task.id, find)) {
    throw groupCycle(`The group "${task.title}" cannot depend on its own part "${dependency?.title}".`);
  }
  if (dependency?.kind === 'group' && isBelow(self, id, find)) {
    throw groupCycle(`"${task.title}" cannot depend on the group "${dependency.title}" that it is a part of.`);
  }
}

function isBelow(task: Pick<TaskRecord, 'parent_id'> | undefined, above: string, find: Find): boolean {
  const seen = new Set<string>();
  for (let at: string | undefined = task?.parent_id; at !== undefined && !seen.has(at); at = find(at)?.parent_id) {
    if (at === above) return true;
    seen.add(at);
  }
  return false;
}

function groupCycle(message: string): TaskError {
  return new TaskError('DependencyCycle', message, {
    next: [
      textStep('A group is completed when its parts are. Remove the dependency, or move the part out of the group.'),
    ],
  });
}

function partOfItself(
  task: { readonly id: string; readonly title: string },
  parent: TaskRecord | undefined,
): TaskError {
  const own = parent === undefined || parent.id === task.id;
  const message = own
    ? `"${task.title}" cannot be a part of itself.`
    : `"${task.title}" cannot be a part of "${parent.title}", which is one of its own parts.`;
  return new TaskError('DependencyCycle', message, {
    next: [textStep('Choose another parent, or move that part out first.')],
  });
}

/** The tasks on the path to `end`, including it. */
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
