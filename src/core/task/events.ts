import type { Approval } from './approval.ts';
import type { TaskLogEntry } from './log-entry.ts';
import type { TaskRecord, TaskStatus } from './schema.ts';
import type { UpdateTaskParams } from './update.ts';

/** A task as listeners get it: the record and its `duration` so far, no log. */
export type TaskView = TaskRecord & { readonly duration: number };

/** Every event of the store, from this process and from all others. */
export interface TaskEvents {
  /** A task was created. */
  'task:created': { task: TaskView };
  /** A field of a task changed; `updates` lists the changed keys. */
  'task:updated': { taskId: string; updates: UpdateTaskParams | Record<string, unknown>; task: TaskView };
  /** A line was added to a task's log. */
  'task:log:added': { taskId: string; entry: TaskLogEntry };
  /** A task became completed. */
  'task:completed': { task: TaskView };
  /** A task and its files were deleted, or it was archived and only left memory. */
  'task:deleted': { taskId: string; task: TaskView; archived?: true };
  /** Once for each task when a store opens. */
  'task:loaded': { task: TaskView };
  /** A task went from one status to another. */
  'task:status_changed': {
    taskId: string;
    old_status: TaskStatus;
    new_status: TaskStatus;
    reason: string;
    task: TaskView;
  };
  /** A task got further, 0–100. */
  'task:progress': { taskId: string; progress: number };
  /** The same events for a single task: `progress` is in per cent. */
  [progress: `task.${string}.progress`]: { taskId: string; progress: number };
  [change: `task.${string}.status_changed`]: {
    taskId: string;
    old_status: TaskStatus;
    new_status: TaskStatus;
    reason: string;
    task: TaskView;
  };
  /** A person is asked. */
  'approval:requested': { taskId: string; approval: Approval; task: TaskView };
  /** A request was decided, or expired with its run. */
  'approval:decided': { taskId: string; approval: Approval; task: TaskView };
  /**
   * 50, 80 or 100 per cent of a limit are spent. `limit` is its kind and whose it is: `tokens:3` is that of task #3,
   * `cost:day` that of the folder's day.
   */
  'budget:reached': { taskId: string; limit: string; percent: number; task: TaskView };
  /** The agent of a running task has been inactive for 5 minutes. `since`: ISO 8601, its last activity. */
  'task:quiet': { taskId: string; since: string; task: TaskView };
}

/** Names of all events but those of a single task. */
export const taskEventNames = [
  'task:created',
  'task:updated',
  'task:log:added',
  'task:completed',
  'task:deleted',
  'task:loaded',
  'task:status_changed',
  'task:progress',
  'approval:requested',
  'approval:decided',
  'budget:reached',
  'task:quiet',
] as const satisfies readonly (keyof TaskEvents)[];
