import { TaskError } from '../errors.ts';
import { operationStep } from '../next-step.ts';
import type { TaskRecord } from './schema.ts';

/** @throws TaskError `TaskRunning` for a task that an agent works on */
export function requireDeletable(task: TaskRecord): void {
  if (task.status !== 'in_progress' && (task.status !== 'paused' || task.lease === undefined)) return;
  throw new TaskError('TaskRunning', `An agent is working on #${task.number}.`, {
    next: [operationStep('Cancel it first', 'task.cancel', { tasks: [task.number] })],
  });
}
