import { TaskError } from '../errors.ts';
import { operationStep, textStep } from '../next-step.ts';
import type { TaskRecord } from './schema.ts';

/** What a reference needs of a store: look-ups, and all tasks for prefix and title. */
export interface TaskLookup {
  byId(id: string): TaskRecord | undefined;
  byNumber(number: number): TaskRecord | undefined;
  all(): Iterable<TaskRecord>;
}

/**
 * Finds the one task that a person means: a number (`12` or `#12`), an id, an exact title, or a unique prefix of an id.
 *
 * @throws TaskError `TaskNotFound`, or `AmbiguousTask` with the candidates
 */
export function resolveTask(reference: string, tasks: TaskLookup): TaskRecord {
  const wanted = reference.trim();
  const exact = tasks.byId(wanted);
  if (exact !== undefined) return exact;
  const digits = /^#?(\d{1,9})$/.exec(wanted)?.[1];
  const numbered = digits === undefined ? undefined : tasks.byNumber(Number(digits));
  if (numbered !== undefined) return numbered;
  const all = [...tasks.all()];
  const titled = all.filter((task) => task.title === wanted);
  if (titled.length > 0) return theOne(wanted, titled);
  const prefixed = wanted.length < 4 ? [] : all.filter((task) => task.id.startsWith(wanted));
  if (prefixed.length > 0) return theOne(wanted, prefixed);
  throw new TaskError('TaskNotFound', `There is no task "${wanted}".`, {
    next: [
      textStep('Name a task by its number, its exact title, or the start of its id.'),
      operationStep('List the tasks', 'task.list'),
    ],
  });
}

function theOne(reference: string, found: TaskRecord[]): TaskRecord {
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  const candidates = found.slice(0, 10).map((task) => ({ id: task.id, number: task.number, title: task.title }));
  throw new TaskError('AmbiguousTask', `"${reference}" can mean ${found.length} tasks.`, {
    next: [textStep(`Use a number: ${candidates.map((task) => `#${task.number} ${task.title}`).join('; ')}.`)],
    details: { candidates },
  });
}
