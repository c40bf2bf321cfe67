import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { isTerminal } from '../../core/task/lifecycle.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { WithStore } from '../context.ts';

/** A reference to a task, as a text or a number. */
export const taskReference = z
  .union([z.string().trim().min(1).max(300), z.number().int().positive()])
  .transform(String)
  .meta({ value: 'task' })
  .describe('Task: number, full id or exact title.');

/** One task or several; changes all of them or none. */
export const taskReferences = z
  .array(taskReference)
  .min(1)
  .max(1_000)
  .describe('Tasks: numbers, full ids or exact titles.');

/**
 * The current tasks, each once. For checks before a change; the change itself resolves again.
 *
 * @throws TaskError `TaskNotFound` or `AmbiguousTask`
 */
export async function resolveAll({ store }: WithStore, references: readonly string[]): Promise<readonly TaskRecord[]> {
  await store.refresh();
  return [...new Set(references.map((reference) => store.resolve(reference)))];
}

/** The task, also when it is archived. @throws TaskError `TaskNotFound` or `AmbiguousTask` */
export async function resolveAnywhere(context: WithStore, reference: string): Promise<TaskRecord> {
  await context.store.refresh();
  try {
    return context.store.resolve(reference);
  } catch (error) {
    const archived = TaskError.is(error, 'TaskNotFound') ? await context.store.archive.find(reference) : undefined;
    if (archived === undefined) throw error;
    return archived;
  }
}

/** @throws TaskError `TaskNotFound` or `AmbiguousTask` */
export async function resolveOne({ store }: WithStore, reference: string): Promise<TaskRecord> {
  await store.refresh();
  return store.resolve(reference);
}

/** Milliseconds that a run may take to release a task after its end. */
const RELEASE_MS = 10_000;

/** The task after its run has released it, so that the caller need not retry. */
export async function resolveAtRest(context: WithStore, reference: string): Promise<TaskRecord> {
  const end = Date.now() + RELEASE_MS;
  for (;;) {
    const task = await resolveOne(context, reference);
    if (task.lease === undefined || !isTerminal(task.status) || Date.now() >= end) return task;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
