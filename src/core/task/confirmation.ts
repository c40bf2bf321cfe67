import { TaskError } from '../errors.ts';
import { operationStep } from '../next-step.ts';
import type { TaskPatch } from './lifecycle.ts';
import type { TaskRecord } from './schema.ts';

/** True for a task from outside that could run next: it does not run before a person confirms its content. */
export function awaitsConfirmation(
  task: Pick<TaskRecord, 'from_outside' | 'kind' | 'status' | 'archived_at'>,
): boolean {
  if (task.from_outside !== true || task.kind !== 'work' || task.archived_at !== undefined) return false;
  return task.status === 'pending' || task.status === 'paused';
}

/** Removes the mark "from outside". A person has seen the content of the task. */
export function confirm(): TaskPatch {
  return { from_outside: undefined };
}

/** @throws TaskError `NotConfirmed` for a task from outside */
export function requireConfirmed(task: Pick<TaskRecord, 'from_outside' | 'number'>): void {
  if (task.from_outside !== true) return;
  throw new TaskError('NotConfirmed', `#${task.number} came from outside. It runs only after you confirm it.`, {
    next: [operationStep('Review and confirm it', 'task.confirm', { tasks: [task.number] })],
  });
}
