import { latestCheckpoint } from '../core/task/checkpoint.ts';
import type { Checkpoint } from '../core/task/checkpoint-schema.ts';
import type { Task } from '../core/task/schema.ts';
import { taskCheckpoint } from '../operations/checkpoint/checkpoint.ts';
import { taskCheckpoints } from '../operations/checkpoint/checkpoints.ts';
import { taskRestore } from '../operations/checkpoint/restore.ts';
import { runOperation } from '../operations/operation.ts';
import { taskUpdate } from '../operations/task/update.ts';
import { WithContext } from './context-source.ts';

type Reference = string | number;

/** A checkpoint as the library gives it; `id` names it in `resumeFromCheckpoint`. */
export type TaskCheckpoint = Checkpoint & { readonly id: number };

/** Checkpoints by the names of the specification. A task is named by number, full id or exact title. */
export class Checkpoints extends WithContext {
  /** Creates a checkpoint at this interval in minutes while the task runs, if its files have changed. */
  async enableAutoCheckpoint(task: Reference, intervalMinutes: number): Promise<void> {
    await runOperation(taskUpdate, await this.context(), { task, checkpointMinutes: intervalMinutes });
  }

  /** @throws TaskError `NothingToCheckpoint` for a task that has neither files nor a conversation */
  async createCheckpoint(task: Reference, description?: string): Promise<TaskCheckpoint> {
    const { checkpoint } = await runOperation(taskCheckpoint, await this.context(), { task, message: description });
    return withId(checkpoint);
  }

  /** The latest checkpoint of any kind; null if none exists. */
  async getLatestCheckpoint(task: Reference): Promise<TaskCheckpoint | null> {
    const found = latestCheckpoint(await runOperation(taskCheckpoints, await this.context(), { task }));
    return found === undefined ? null : withId(found);
  }

  /**
   * Puts files and conversation back to a checkpoint, and starts the task again.
   *
   * @throws TaskError `CheckpointNotFound`, `TaskRunning` or `RestoreRefused`
   */
  async resumeFromCheckpoint(task: Reference, checkpointId: number): Promise<Task> {
    const input = { task, checkpoint: checkpointId, resume: true };
    return (await runOperation(taskRestore, await this.context(), input)).task;
  }
}

function withId(checkpoint: Checkpoint): TaskCheckpoint {
  return { ...checkpoint, id: checkpoint.number };
}
