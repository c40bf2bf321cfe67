/** A task, or anything else that comes after others. */
interface Ordered {
  readonly id: string;
  readonly depends_on: readonly string[];
}

export interface DependencyOrder<T extends Ordered> {
  /** Tasks by how many have to come before them at least: those of a layer depend on layers before it alone. */
  readonly layers: readonly (readonly T[])[];
  /** Each task waits for the next one, the last for the first. No task is in two of them. */
  readonly circles: readonly (readonly T[])[];
}

/**
 * Sorts tasks after their dependencies. The store rejects cycles, but task files of other programs may contain some.
 */
export function dependencyOrder<T extends Ordered>(tasks: Iterable<T>): DependencyOrder<T> {
  const left = new Map<string, T>();
  for (const task of tasks) left.set(task.id, task);
  const all = [...left.values()];
  const open = new Map<string, number>();
  const dependents = new Map<string, T[]>();
  for (const task of all) {
    const known = [...new Set<string>(task.depends_on)].filter((id) => left.has(id));
    open.set(task.id, known.length);
    for (const id of known) {
      const waiting = dependents.get(id);
      if (waiting === undefined) dependents.set(id, [task]);
      else waiting.push(task);
    }
  }
  const depths = new Map<string, number>();
  const takeOut = (gone: readonly T[]): void => {
    const queue = [...gone];
    for (const task of queue) left.delete(task.id);
    // It grows while it is walked.
    for (const { id } of queue) {
      for (const dependent of dependents.get(id) ?? []) {
        const rest = (open.get(dependent.id) ?? 0) - 1;
        open.set(dependent.id, rest);
        if (!left.has(dependent.id)) continue;
        depths.set(dependent.id, Math.max(depths.get(dependent.id) ?? 0, (depths.get(id) ?? 0) + 1));
        if (rest > 0) continue;
        left.delete(dependent.id);
        queue.push(dependent);
      }
    }
  };
  takeOut(all.filter((task) => open.get(task.id) === 0));
  const circles: T[][] = [];
  // The remaining tasks wait for each other; a circle may be found from a task that is in the next one.
  for (let task = first(left); task !== undefined; task = first(left)) {
    const circle = circleFrom(task, left);
    circles.push(circle);
    takeOut(circle);
  }
  const layers: T[][] = [];
  for (const task of all) {
    const depth = depths.get(task.id) ?? 0;
    for (let next = layers.length; next <= depth; next += 1) layers.push([]);
    layers[depth]?.push(task);
  }
  return { layers, circles };
}

function first<T>(left: ReadonlyMap<string, T>): T | undefined {
  for (const task of left.values()) return task;
  return undefined;
}

function circleFrom<T extends Ordered>(start: T, left: ReadonlyMap<string, T>): T[] {
  const way = new Map<string, T>();
  for (let task: T | undefined = start; task !== undefined && !way.has(task.id); ) {
    way.set(task.id, task);
    const next: string | undefined = task.depends_on.find((id) => left.has(id));
    task = next === undefined ? undefined : left.get(next);
    if (task !== undefined && way.has(task.id)) {
      const steps = [...way.values()];
      return steps.slice(steps.indexOf(task));
    }
  }
  return [start];
}
