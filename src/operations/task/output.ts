import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import { logEntrySchema } from '../../core/task/log-entry.ts';
import { type Task, type TaskRecord, taskRecordSchema } from '../../core/task/schema.ts';
import type { WithStandings } from '../context.ts';
import { waitingSchema, waitings } from '../queue/waiting.ts';

/** A task in a list: no log, but how long it is. `duration` is milliseconds of work, waiting not counted. */
export const taskSummarySchema = taskRecordSchema.extend({
  duration: z.number().nonnegative(),
  log_count: z.number().int().nonnegative(),
  /** Why a queued task waits. */
  waiting: waitingSchema.optional(),
});

/** One task with the latest entries of its log, at most 1,000. */
export const taskSchema = taskSummarySchema.extend({ logs: z.array(logEntrySchema) });

/** The output of an operation on several tasks, in the order of the input. */
export const tasksSchema = z.object({ tasks: z.array(taskSchema) });

/** @throws TaskError `TaskNotFound` if it was deleted in the meantime */
export async function taskById(context: WithStandings, id: string): Promise<Task> {
  const task = await context.store.getTask(id);
  if (task === null) {
    throw new TaskError('TaskNotFound', `There is no task "${id}".`, {
      next: [operationStep('List the tasks', 'task.list')],
    });
  }
  const [shown = task] = await withWaiting(context, [task]);
  return shown;
}

/** Tasks with their blockers. */
export async function withWaiting<T extends TaskRecord>(context: WithStandings, tasks: readonly T[]): Promise<T[]> {
  const waitingOf = await waitings(context);
  return tasks.map((task) => {
    const waiting = waitingOf(task);
    return waiting === undefined ? task : { ...task, waiting };
  });
}

export async function tasksById(context: WithStandings, ids: readonly string[]): Promise<{ tasks: Task[] }> {
  const tasks: Task[] = [];
  for (const id of ids) tasks.push(await taskById(context, id));
  return { tasks };
}
