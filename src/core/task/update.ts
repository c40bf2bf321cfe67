import { z } from 'zod';
import { createTaskSchema, parseInput } from './create.ts';
import { type TaskPatch, transition } from './lifecycle.ts';
import { pauseReasonSchema, type TaskRecord, taskStatusSchema } from './schema.ts';

/**
 * What `updateTask` takes: the specification's persisted names for status, times, outcome and session, and the
 * parameters of creation for the rest. `null` removes a value.
 */
export const updateTaskSchema = z
  .strictObject({
    title: createTaskSchema.shape.title,
    description: createTaskSchema.shape.description,
    instructions: createTaskSchema.shape.instructions.nullable(),
    tool: createTaskSchema.shape.tool,
    assignee: createTaskSchema.shape.assignee.nullable(),
    priority: createTaskSchema.shape.priority,
    project: createTaskSchema.shape.project.nullable(),
    parent_id: createTaskSchema.shape.parentId.nullable(),
    depends_on: createTaskSchema.shape.dependsOn,
    labels: createTaskSchema.shape.labels,
    metadata: createTaskSchema.shape.metadata,
    constraints: createTaskSchema.shape.constraints,
    acceptance_criteria: createTaskSchema.shape.acceptanceCriteria,
    review: createTaskSchema.shape.review,
    status: taskStatusSchema.optional(),
    pause_reason: pauseReasonSchema.optional(),
    reason: z.string().max(2_000).optional(),
    started_at: z.iso.datetime({ offset: true }).optional(),
    completed_at: z.iso.datetime({ offset: true }).optional(),
    assigned_to: z.string().max(500).nullable().optional(),
    progress: z.number().min(0).max(100).optional(),
    error: z.string().nullable().optional(),
    error_code: z.string().nullable().optional(),
    result: z.unknown().optional(),
  })
  .partial();

export type UpdateTaskParams = z.input<typeof updateTaskSchema>;

/**
 * The patch that an update means for a task. A change of status goes through the lifecycle table; the same status
 * again is no change.
 *
 * @throws TaskError `InvalidInput`, `TooLarge` or `IllegalTransition`
 */
export function applyUpdate(task: TaskRecord, updates: UpdateTaskParams, at: string): TaskPatch {
  const { status, reason, pause_reason, ...rest } = parseInput(updateTaskSchema, updates);
  const patch: TaskPatch = {};
  if (status !== undefined && status !== task.status) {
    Object.assign(
      patch,
      transition(task, status, {
        at,
        reason,
        pauseReason: pause_reason,
        error: rest.error ?? undefined,
        errorCode: rest.error_code ?? undefined,
      }),
    );
  }
  for (const [key, value] of Object.entries(rest)) {
    if (value !== undefined) Object.assign(patch, { [key]: value === null ? undefined : value });
  }
  return patch;
}
