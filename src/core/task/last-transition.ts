import type { TaskRecord, Transition } from './schema.ts';

/** The latest change of status; the history also has changes of fields, which keep the status. */
export function lastTransition({ history }: Pick<TaskRecord, 'history'>): Transition | undefined {
  return history.findLast((step) => step.changes === undefined);
}
