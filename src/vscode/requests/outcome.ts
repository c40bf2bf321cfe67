import type { Need } from '../../core/task/needs.ts';
import { awaitsPick } from '../../core/task/race.ts';
import type { TaskRecord } from '../../core/task/schema.ts';

/** Results of a run that a notification reports, as in the setting `notifications`. */
export const outcomes = ['failed', 'review', 'completed'] as const;
export type Outcome = (typeof outcomes)[number];

/** Finds the end of each run. Later changes of the task report nothing more. Pure. */
export class Outcomes {
  private readonly running = new Set<string>();

  /**
   * The outcome if the run of the task just ended. A task that never ran, or was cancelled, has none.
   *
   * @param needOf called for a task that has just ended
   */
  next(id: string, task: TaskRecord | undefined, needOf: (task: TaskRecord) => Need | undefined): Outcome | undefined {
    if (task?.status === 'in_progress' || (task?.status === 'paused' && this.running.has(id) && !awaitsPick(task))) {
      this.running.add(id);
      return undefined;
    }
    const ran = this.running.delete(id);
    return ran && task !== undefined ? outcomeOf(task, needOf) : undefined;
  }
}

function outcomeOf(task: TaskRecord, needOf: (task: TaskRecord) => Need | undefined): Outcome | undefined {
  switch (task.status) {
    case 'failed':
      return 'failed';
    case 'completed':
    case 'completed_active':
      return needOf(task) === 'review' ? 'review' : 'completed';
    case 'paused':
      return 'review';
    default:
      return undefined;
  }
}
