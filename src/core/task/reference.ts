import { TaskError } from '../errors.ts';
import { type NextStep, operationStep, suggestions, textStep } from '../next-step.ts';
import type { TaskRecord } from './schema.ts';

/** The part of a store that resolves references: look-ups, and all tasks for a title. */
export interface TaskLookup {
  byId(id: string): TaskRecord | undefined;
  byNumber(number: number): TaskRecord | undefined;
  all(): Iterable<TaskRecord>;
}

/**
 * Finds the one task that a person means: a number (`12` or `#12`), a full id or an exact title. Never a prefix: a
 * deleted task must not stand for another one with the same prefix.
 *
 * @param project name of the project whose task a title of several tasks means
 * @throws TaskError `TaskNotFound`, `AmbiguousTask` with the candidates, or `InvalidInput` if it is no text
 */
export function resolveTask(reference: string, tasks: TaskLookup, project?: string): TaskRecord {
  const wanted = cleanReference(reference);
  const exact = tasks.byId(wanted);
  if (exact !== undefined) return exact;
  const digits = /^#?(\d{1,9})$/.exec(wanted)?.[1];
  const numbered = digits === undefined ? undefined : tasks.byNumber(Number(digits));
  if (numbered !== undefined) return numbered;
  const titled = [...tasks.all()].filter((task) => task.title === wanted);
  const own = project === undefined ? [] : titled.filter((task) => task.project === project);
  if (titled.length > 0) return theOne(wanted, own.length > 0 ? own : titled);
  throw new TaskError('TaskNotFound', `There is no task "${wanted}".`, {
    next: [
      ...meant(wanted, tasks),
      textStep('Name a task by its number, full id or exact title.'),
      operationStep('List the tasks', 'task.list'),
    ],
  });
}

function meant(wanted: string, tasks: TaskLookup): NextStep[] {
  const titles = Array.from(tasks.all(), ({ title }) => title);
  return suggestions(wanted, titles);
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

/** @throws TaskError `InvalidInput` for values other than text, which untyped programs can pass */
export function cleanReference(reference: unknown): string {
  if (typeof reference === 'number') return String(reference);
  if (typeof reference === 'string') return reference.trim();
  throw new TaskError(
    'InvalidInput',
    `A task is named by text, not by ${reference === null ? 'null' : typeof reference}.`,
    {
      next: [textStep('Pass its number, full id or exact title.')],
    },
  );
}
