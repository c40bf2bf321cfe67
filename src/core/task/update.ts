import { z } from 'zod';
import { TaskError } from '../errors.ts';
import { textStep } from '../next-step.ts';
import type { AITool } from './agents.ts';
import { checkpointMinutesSchema } from './checkpoint-schema.ts';
import { requireMode } from './collaboration.ts';
import { cleanTitle, createTaskSchema, describe, parseInput } from './create.ts';
import { workedAt } from './given-times.ts';
import { jsonCopy, jsonObject } from './json-value.ts';
import type { Known } from './known.ts';
import { isTerminal, type TaskPatch, type TransitionInput, transition } from './lifecycle.ts';
import { gatesAfter } from './phase-gates.ts';
import { constraintsSchema, pauseReasonSchema, type TaskRecord, type TaskStatus, taskStatusSchema } from './schema.ts';
import { closed } from './session.ts';
import { reset } from './start.ts';
import { unknownKeyWords } from './unknown-keys.ts';
import { replaceAgent, replaceSteps } from './workflow.ts';

/**
 * Input of `updateTask`: the specification's persisted names for status, times, outcome and session, and the
 * parameters of creation for the rest. `null` removes a value.
 */
export const updateTaskSchema = z
  .strictObject({
    title: createTaskSchema.shape.title,
    description: createTaskSchema.shape.description,
    instructions: createTaskSchema.shape.instructions.nullable(),
    tool: createTaskSchema.shape.tool,
    assignee: createTaskSchema.shape.assignee.nullable(),
    workflow: createTaskSchema.shape.workflow.nullable(),
    checks: createTaskSchema.shape.checks.nullable(),
    priority: createTaskSchema.shape.priority,
    project: createTaskSchema.shape.project.nullable(),
    parent_id: createTaskSchema.shape.parentId.nullable(),
    depends_on: createTaskSchema.shape.dependsOn,
    labels: createTaskSchema.shape.labels,
    metadata: createTaskSchema.shape.metadata,
    /** Constraints of a newer version pass here; `applyUpdate` refuses keys that neither it nor the task has. */
    constraints: createTaskSchema.shape.constraints.unwrap().loose().optional(),
    acceptance_criteria: createTaskSchema.shape.acceptanceCriteria,
    review: createTaskSchema.shape.review,
    collaboration_mode: createTaskSchema.shape.collaborationMode.nullable(),
    isolation: createTaskSchema.shape.isolation.nullable(),
    on_complete: createTaskSchema.shape.onComplete.nullable(),
    checkpoint_minutes: checkpointMinutesSchema.nullable(),
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

/** Updates whose agent is not known before run time; the schema checks the rest. */
export type TaskUpdates = Known<z.input<typeof updateTaskSchema>>;

export type UpdateTaskParams = Omit<TaskUpdates, 'tool'> & { tool?: AITool | undefined };

/**
 * The patch for an update of a task. A status change goes through the lifecycle table; the same status is no change.
 *
 * @throws TaskError `InvalidInput`, `TooLarge` or `IllegalTransition`
 */
export function applyUpdate(task: TaskRecord, updates: TaskUpdates, at: string): TaskPatch {
  const { status = task.status, reason, pause_reason: pauseReason, ...rest } = parseInput(updateTaskSchema, updates);
  const [error, errorCode] = [rest.error ?? undefined, rest.error_code ?? undefined];
  const changed =
    status === task.status ? {} : changeStatus(task, status, { at, reason, pauseReason, error, errorCode });
  const starts = status === 'in_progress' && status !== task.status;
  const patch: TaskPatch = { ...changed, ...workedAt({ ...task, ...changed } as TaskRecord, rest, starts) };
  if (rest.workflow !== undefined) Object.assign(patch, replaceSteps(task, rest.workflow));
  else if (rest.tool !== undefined) Object.assign(patch, replaceAgent(task, rest.tool));
  if (patch.workflow !== undefined || rest.workflow === null) Object.assign(patch, gatesAfter(task, patch, at));
  for (const [key, value] of Object.entries(cleaned(task, rest))) {
    if (value === undefined || (status === 'failed' && isMissingError(key, value))) continue;
    Object.assign(patch, { [key]: value === null ? undefined : value });
  }
  if (rest.collaboration_mode !== undefined || rest.tool !== undefined || rest.workflow !== undefined) {
    requireMode({ ...task, ...patch } as TaskRecord);
  }
  if (rest.completed_at !== undefined && !isTerminal(status)) {
    throw new TaskError('InvalidInput', `completed_at: #${task.number} is ${status}; it has not ended.`, {
      next: [textStep('Set it together with the status that ends the task.')],
    });
  }
  return patch;
}

type Fields = Partial<Omit<z.output<typeof updateTaskSchema>, 'status' | 'reason' | 'pause_reason'>>;

function changeStatus(task: TaskRecord, to: TaskStatus, input: TransitionInput): TaskPatch {
  if (to === 'pending' && isTerminal(task.status)) return reset(task, input);
  return { ...transition(task, to, input), ...(isTerminal(to) ? closed(task, input.at) : {}) };
}

/** Values as a creation would keep them. */
function cleaned(task: TaskRecord, fields: Fields): Fields {
  const title = fields.title === undefined ? undefined : cleanTitle(fields.title);
  return {
    ...fields,
    ...(title === undefined ? {} : { title }),
    ...descriptionOf(task, fields.description, title),
    ...(fields.metadata === undefined ? {} : { metadata: jsonObject(fields.metadata, 'metadata') }),
    ...(fields.constraints === undefined ? {} : { constraints: knownConstraints(task, fields.constraints) }),
    ...(fields.result === undefined ? {} : { result: jsonCopy(fields.result, 'result') }),
  };
}

function knownConstraints(task: TaskRecord, constraints: object): Record<string, unknown> {
  const known = Object.keys(constraintsSchema.shape);
  const unknown = Object.keys(constraints).filter(
    (key) => !known.includes(key) && !Object.hasOwn(task.constraints, key),
  );
  if (unknown.length > 0) throw new TaskError('InvalidInput', `constraints: ${unknownKeyWords(unknown, known)}`);
  return jsonObject(constraints, 'constraints');
}

/** A failed task has an error, which can be replaced, not removed. */
function isMissingError(key: string, value: unknown): boolean {
  return (key === 'error' || key === 'error_code') && (typeof value !== 'string' || value.trim() === '');
}

/** A description that was never written is the title, and follows it. */
function descriptionOf(task: TaskRecord, given: string | undefined, title: string | undefined): TaskPatch {
  if (given !== undefined) return { description: describe(given, title ?? task.title) };
  return title !== undefined && task.description === task.title ? { description: title } : {};
}
