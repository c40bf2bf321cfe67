import { complexityOf } from '../core/assess/complexity.ts';
import { type TaskType, taskTypeOf } from '../core/assess/task-type.ts';
import type { TaskRecord } from '../core/task/schema.ts';

/** Assessments of a task by the names of the specification. */
export interface TaskAssessment {
  /** The kind of work, read from labels, title and text. */
  getTaskType(): TaskType;
  /** 0 (trivial) to 1. */
  getComplexityScore(): number;
  /** The same as `getComplexityScore()`. */
  readonly estimatedComplexity: number;
}

/** A task with its assessments. They are not enumerable, so that the task stays plain data. */
export function assessed<T extends TaskRecord>(task: T): T & TaskAssessment {
  const copy = { ...task };
  Object.defineProperties(copy, {
    getTaskType: { value: () => taskTypeOf(copy).type },
    getComplexityScore: { value: () => complexityOf(copy).score },
    estimatedComplexity: { get: () => complexityOf(copy).score },
  });
  return copy as T & TaskAssessment;
}
