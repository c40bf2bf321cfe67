/** One thing that a client did, with when it asked and when it was answered. */
export interface Step {
  readonly from: bigint;
  readonly to: bigint;
  readonly client: string;
  readonly action: Action;
  /** What the client was told; null where it could not be told, which fits whatever happened. */
  readonly result: unknown;
}

export type Action =
  | { readonly kind: 'create'; readonly id: string }
  /** Tells the count that it made. */
  | { readonly kind: 'add'; readonly id: string }
  /** Takes one from the first and gives it to the second, both or none; tells both counts. */
  | { readonly kind: 'move'; readonly id: string; readonly to: string }
  /** Sets the count only if the task is at that revision. */
  | { readonly kind: 'ifAt'; readonly id: string; readonly revision: number; readonly count: number }
  | { readonly kind: 'delete'; readonly id: string }
  /** Tells number, revision and count of every task. */
  | { readonly kind: 'read' };

interface Entry {
  readonly number: number;
  readonly revision: number;
  readonly count: number;
}

/** A store in which one thing happens after the other. */
interface Model {
  readonly next: number;
  readonly tasks: ReadonlyMap<string, Entry>;
}

/** What a client is told of a task that is not there, and of one that was changed before. */
export const GONE = 'gone';
export const CHANGED = 'changed';

/** All of a model in one line, in the form in which clients tell what they read. */
export function shown(tasks: Iterable<readonly [string, Entry]>): string {
  return [...tasks]
    .map(([id, { number, revision, count }]) => `${number}:${id}@${revision}=${count}`)
    .sort()
    .join(' ');
}

function applied(model: Model, action: Action): { model: Model; result: unknown } {
  if (action.kind === 'read') return { model, result: shown(model.tasks) };
  if (action.kind === 'create') {
    const entry = { number: model.next, revision: 1, count: 0 };
    return {
      model: { next: model.next + 1, tasks: new Map([...model.tasks, [action.id, entry]]) },
      result: model.next,
    };
  }
  const task = model.tasks.get(action.id);
  if (action.kind === 'delete') {
    const tasks = new Map(model.tasks);
    return { result: tasks.delete(action.id), model: { ...model, tasks } };
  }
  if (task === undefined) return { model, result: GONE };
  const counts = (changes: readonly (readonly [string, Entry, number])[]): Model => ({
    ...model,
    tasks: new Map([
      ...model.tasks,
      ...changes.map(([id, entry, count]) => [id, { ...entry, count, revision: entry.revision + 1 }] as const),
    ]),
  });
  if (action.kind === 'add') return { model: counts([[action.id, task, task.count + 1]]), result: task.count + 1 };
  if (action.kind === 'ifAt') {
    if (task.revision !== action.revision) return { model, result: CHANGED };
    // To say what it says already is no change.
    if (task.count === action.count) return { model, result: action.count };
    return { model: counts([[action.id, task, action.count]]), result: action.count };
  }
  const other = model.tasks.get(action.to);
  if (other === undefined) return { model, result: GONE };
  const moved = counts([
    [action.id, task, task.count - 1],
    [action.to, other, other.count + 1],
  ]);
  return { model: moved, result: `${task.count - 1} ${other.count + 1}` };
}

/**
 * Looks for an order in which all steps can have happened one after the other, each between its question and its answer,
 * so that everybody was told the truth.
 *
 * @returns the most steps that could be put in such an order: all of them if the history is linearizable
 */
export function longestOrder(steps: readonly Step[]): number {
  const byStart = [...steps].sort((a, b) => (a.from < b.from ? -1 : 1));
  const dead = new Set<string>();
  let most = 0;
  // Depth is the number of steps: a stack of its own, so that long histories do not exhaust the one of the machine.
  const stack: { model: Model; done: ReadonlySet<Step> }[] = [
    { model: { next: 1, tasks: new Map() }, done: new Set() },
  ];
  for (let here = stack.pop(); here !== undefined; here = stack.pop()) {
    const { model, done } = here;
    most = Math.max(most, done.size);
    if (done.size === steps.length) return most;
    const open = byStart.filter((step) => !done.has(step));
    const key = `${open.map((step) => byStart.indexOf(step)).join()}|${model.next}|${shown(model.tasks)}`;
    if (dead.has(key)) continue;
    dead.add(key);
    // What was asked only after another one was answered comes after it.
    const firstAnswer = [...open].sort((a, b) => (a.to < b.to ? -1 : 1))[0]?.to ?? 0n;
    for (const step of open) {
      if (step.from > firstAnswer) break;
      const { model: next, result } = applied(model, step.action);
      if (step.result === null || result === step.result) stack.push({ model: next, done: new Set([...done, step]) });
    }
  }
  return most;
}
