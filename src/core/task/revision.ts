import { TaskError } from '../errors.ts';
import { textStep } from '../next-step.ts';
import type { TaskRecord } from './schema.ts';

/** @throws TaskError `RevisionConflict` if the task changed since the caller read it; undefined skips the check */
export function checkRevision(task: TaskRecord, expected: number | undefined): void {
  if (expected === undefined || expected === task.revision) return;
  throw new TaskError('RevisionConflict', `#${task.number} is at revision ${task.revision}, not ${expected}.`, {
    next: [textStep('Read it again and repeat the change.')],
  });
}
