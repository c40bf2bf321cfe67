import { nanoid } from 'nanoid';
import { z } from 'zod';

const form = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/**
 * Ids become file names, so the alphabet is that of a safe file name: no dot, no separator, at most 64 characters.
 * New ids are `task_<nanoid>`; ids of other forms that a store already holds (UUIDs, `task_123`) stay valid.
 */
export const taskIdSchema = z.string().regex(form, 'an id has letters, digits, _ and - only').brand<'TaskId'>();

export type TaskId = z.infer<typeof taskIdSchema>;

export function newTaskId(): TaskId {
  return `task_${nanoid(12)}` as TaskId;
}

/** Id of a part of a task (approval, execution, follow-up, transaction): unique within its store. */
export function newPartId(prefix: string): string {
  return `${prefix}_${nanoid(10)}`;
}

export function isTaskId(value: string): value is TaskId {
  return form.test(value);
}
