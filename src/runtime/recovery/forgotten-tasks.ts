import { type Disposable, DisposableStack } from '../../core/disposable.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { SILENT_MS } from '../../core/task/silent.ts';
import type { TaskStore } from '../../store/task-store.ts';

/**
 * Watches tasks that a program set to in_progress without a lease. The owner is unknown, so only inactivity shows that
 * it ended. The inactivity is measured with the monotonic clock, because the wall clock can jump.
 */
export class ForgottenTasks implements Disposable {
  private readonly now: () => number;
  private readonly silentMs: number;
  private readonly seen = new Map<string, { readonly revision: number; readonly at: number }>();
  private readonly resources = new DisposableStack();

  constructor(store: TaskStore, { now = () => performance.now(), silentMs = SILENT_MS } = {}) {
    this.now = now;
    this.silentMs = silentMs;
    this.resources.add(store.on('task:log:added', ({ taskId }) => this.seen.delete(taskId)));
    this.resources.add(store.on('task:deleted', ({ taskId }) => this.seen.delete(taskId)));
  }

  /** True once this has seen the task unchanged and silent for a minute. */
  readonly isForgotten = (task: TaskRecord): boolean => {
    const before = this.seen.get(task.id);
    if (before?.revision === task.revision) return this.now() - before.at >= this.silentMs;
    this.seen.set(task.id, { revision: task.revision, at: this.now() });
    return false;
  };

  dispose(): void {
    this.resources.dispose();
  }
}
