import type { TaskError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { LogDraft } from '../../core/task/log-entry.ts';
import type { TaskStore } from '../../store/task-store.ts';
import type { PermissionPolicy } from '../approvals/permission-policy.ts';

/** Entries that may wait for the disk before the agent's output is no longer read. */
const MAX_WAITING = 2_000;

interface AgentLogOptions {
  readonly store: TaskStore;
  readonly taskId: string;
  readonly logger: Logger;
  readonly policy: Pick<PermissionPolicy, 'observe'>;
  /** Called when the agent used a tool that its task may not use. */
  readonly denied: (error: TaskError) => void;
}

/** Writes the entries of an agent to the log of its task, and has the policy judge its tool calls. */
export class AgentLog {
  private readonly options: AgentLogOptions;
  private waiting = 0;
  private written: Promise<void> = Promise.resolve();
  private observed: Promise<unknown> = Promise.resolve();

  constructor(options: AgentLogOptions) {
    this.options = options;
  }

  /** See `AgentClient.log`. */
  write(entry: LogDraft, raw: LogDraft = entry): void | Promise<void> {
    const { store, taskId, logger } = this.options;
    this.observe(raw);
    this.waiting += 1;
    this.written = store
      .appendLog(taskId, [entry])
      .catch((error) => logger.error('A line of the log could not be written.', error))
      .then(() => {
        this.waiting -= 1;
      });
    if (this.waiting > MAX_WAITING) return this.written;
  }

  /** Resolves when all entries so far are written, synced to disk and judged. Never rejects. */
  async flush(): Promise<void> {
    const { store, taskId, logger } = this.options;
    await Promise.all([this.written, this.observed]);
    await store.syncLog(taskId).catch((error) => logger.error('The log could not be synced to disk.', error));
  }

  private observe(entry: LogDraft): void {
    const { policy, denied, logger } = this.options;
    const found = policy.observe(entry).then(
      (error) => {
        if (error !== undefined) denied(error);
      },
      (error) => logger.error('A tool call could not be judged.', error),
    );
    this.observed = Promise.all([this.observed, found]);
  }
}
