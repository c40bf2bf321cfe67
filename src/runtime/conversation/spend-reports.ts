import type { Logger } from '../../core/logger.ts';
import type { Usage } from '../../core/task/schema.ts';
import { setUsage } from '../../core/task/spend.ts';
import type { Draft } from '../../store/journal/draft.ts';
import type { TaskStore } from '../../store/task-store.ts';

const REPORT_MS = 400;

export interface SpendReportsOptions {
  readonly store: TaskStore;
  readonly taskId: string;
  readonly executionId: string;
  readonly logger: Logger;
  /** True if this spend reaches a limit. */
  readonly stops: (usage: Usage) => boolean;
  /** Records the use of the limits, and pauses the task at a reached one. */
  readonly limit: (draft: Draft) => void;
}

/** Stores the spend and the progress of an agent in its task, coalesced. */
export class SpendReports {
  private readonly options: SpendReportsOptions;
  private latest: { usage?: Usage; progress?: number } = {};
  private timer: NodeJS.Timeout | undefined;
  private reporting: Promise<unknown> = Promise.resolve();
  private reached = false;

  constructor(options: SpendReportsOptions) {
    this.options = options;
  }

  usage(usage: Usage): void {
    this.latest.usage = usage;
    // A reached limit must stop the agent before its next model call, so it is reported immediately.
    if (this.options.stops(usage)) {
      this.reached = true;
      this.report();
    } else this.soon();
  }

  /** True if the last spend reaches a limit; by then the task is paused. Never rejects. */
  async isStopped(): Promise<boolean> {
    if (this.reached) await this.flush();
    return this.reached;
  }

  progress(percent: number): void {
    this.latest.progress = percent;
    this.soon();
  }

  /** Writes pending reports. Never rejects. */
  async flush(): Promise<void> {
    this.report();
    await this.reporting;
  }

  private soon(): void {
    this.timer ??= setTimeout(() => this.report(), REPORT_MS);
  }

  private report(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { usage, progress } = this.latest;
    this.latest = {};
    if (usage === undefined && progress === undefined) return;
    const { store, taskId, executionId, logger, limit } = this.options;
    this.reporting = store
      .transact('run.report', (draft) => {
        const task = draft.byId(taskId);
        if (task === undefined) return;
        const spent = usage === undefined ? {} : setUsage(task, executionId, usage);
        draft.patch(task.id, { ...spent, ...(progress === undefined ? {} : { progress: Math.round(progress) }) });
        // In the same transaction: the agent must not act on another call of the model.
        if (usage !== undefined) limit(draft);
      })
      .catch((error) => logger.warn('The spend or progress of a run could not be stored.', error));
  }
}
