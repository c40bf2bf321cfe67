import { isTerminal } from '../task/lifecycle.ts';
import type { TaskRecord } from '../task/schema.ts';
import { complexityOf } from './complexity.ts';
import { type TaskType, taskTypeOf } from './task-type.ts';

/** The outcome of one finished task. */
export interface Outcome {
  readonly agent: string;
  readonly type: TaskType;
  readonly complexity: number;
  readonly succeeded: boolean;
  /** Milliseconds of work. */
  readonly workMs: number;
  /** Undefined if the agent reported none. */
  readonly tokens: number | undefined;
  /** US dollars; undefined if the agent reported none. */
  readonly cost: number | undefined;
}

/** A finished task with its outcome. */
export interface FinishedTask {
  readonly task: TaskRecord;
  readonly outcome: Outcome;
}

/** Finished work that an agent ran, with its outcomes; cancelled tasks do not count. */
export function finishedTasks(tasks: Iterable<TaskRecord>): FinishedTask[] {
  const finished: FinishedTask[] = [];
  for (const task of tasks) {
    if (task.kind !== 'work' || !isTerminal(task.status) || task.status === 'cancelled') continue;
    if (task.executions.length === 0) continue;
    const outcome: Outcome = {
      agent: task.executions.at(-1)?.agent ?? task.tool,
      type: taskTypeOf(task).type,
      complexity: complexityOf(task).score,
      succeeded: task.status === 'completed',
      workMs: task.active_ms,
      tokens: task.usage?.total_tokens,
      cost: task.usage?.cost_usd,
    };
    finished.push({ task, outcome });
  }
  return finished;
}

/** The outcomes of finished work that an agent ran; cancelled tasks do not count. */
export function outcomesOf(tasks: Iterable<TaskRecord>): Outcome[] {
  return finishedTasks(tasks).map(({ outcome }) => outcome);
}

/** The weight of an outcome for a task of this type and complexity, 0 to 1: the same kind and size weigh most. */
export function similarity(outcome: Outcome, type: TaskType, complexity: number): number {
  const distance = Math.abs(outcome.complexity - complexity);
  return (outcome.type === type ? 1 : 0.3) * Math.max(0, 1 - 2 * distance);
}
