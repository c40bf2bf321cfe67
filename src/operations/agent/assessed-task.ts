import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import { newTaskRecord } from '../../core/task/create.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { WithStore } from '../context.ts';
import { taskFields } from '../task/fields.ts';
import { resolveAnywhere, taskReference } from '../task/references.ts';

export const assessInput = z.strictObject({
  task: taskReference.optional(),
  title: taskFields.title.optional().describe('Title of a task that does not exist yet.'),
  description: taskFields.description.optional(),
});

/**
 * The task that an assessment is about: an existing one, or one of this title that is not created.
 *
 * @throws TaskError `InvalidInput` if neither is named, `TaskNotFound`
 */
export async function assessedTask(context: WithStore, given: z.output<typeof assessInput>): Promise<TaskRecord> {
  if (given.task !== undefined) return resolveAnywhere(context, given.task);
  if (given.title === undefined) {
    throw new TaskError('InvalidInput', 'Name a task, or describe one with --title.', {
      next: [operationStep('List the tasks', 'task.list')],
    });
  }
  return draftTask({ title: given.title, description: given.description });
}

/** A task that is not in the store, for assessments before it is created. */
export function draftTask(fields: Parameters<typeof newTaskRecord>[0]): TaskRecord {
  return { ...newTaskRecord(fields, new Date().toISOString()), number: 0, revision: 0 } as TaskRecord;
}
