import type { Disposable } from '../../core/disposable.ts';
import { CHECKPOINT_MINUTES } from '../../core/task/checkpoint.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { WorktreeContext } from '../worktrees/review.ts';
import { createCheckpoint } from './create.ts';

/** Makes a checkpoint of a task every few minutes while a worker has it, if its files have changed. */
export class AutoCheckpoints {
  private readonly context: WorktreeContext;
  private readonly taskId: string;
  private readonly worker: string;
  private readonly changes: Disposable;
  private minutes: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private making: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(context: WorktreeContext, taskId: string, worker: string) {
    this.context = context;
    this.taskId = taskId;
    this.worker = worker;
    this.changes = context.store.on('task:updated', ({ taskId: changed }) => {
      if (changed === taskId) this.adjust();
    });
    this.arm();
  }

  /** The time between them may have changed, by the task or by the settings. */
  adjust(): void {
    if (this.wanted() !== this.minutes) this.arm();
  }

  /** Resolves when no checkpoint is being created. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    this.changes.dispose();
    await this.making;
  }

  private get task(): TaskRecord | undefined {
    return this.context.store.view.byId(this.taskId);
  }

  private wanted(): number | undefined {
    const minutes = this.task?.checkpoint_minutes ?? this.context.settings.checkpoints?.minutes ?? CHECKPOINT_MINUTES;
    return minutes === false ? undefined : minutes;
  }

  private arm(): void {
    clearTimeout(this.timer);
    this.minutes = this.wanted();
    if (this.stopped || this.minutes === undefined) return;
    this.timer = setTimeout(() => {
      // One after the other, however long git takes.
      this.making = this.make().finally(() => this.arm());
    }, this.minutes * 60_000);
  }

  private async make(): Promise<void> {
    const { task } = this;
    if (task?.lease?.worker !== this.worker || task.status !== 'in_progress') return;
    const request = { kind: 'auto', message: 'While it ran', onlyIfChanged: true } as const;
    await createCheckpoint(this.context, task, request).catch((error) => {
      // The agent may be writing the file that is being read; the next checkpoint follows soon.
      this.context.logger.warn(`A checkpoint of #${task.number} could not be made.`, error);
    });
  }
}
