import type { TaskError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { LogDraft } from '../../core/task/log-entry.ts';
import type { TaskStore } from '../../store/task-store.ts';
import type { PermissionPolicy } from '../approvals/permission-policy.ts';
import type { LiveSettings } from '../settings/live-settings.ts';
import { RunLogLimit, sizeOf } from './run-log-limit.ts';

/** Entries, and characters in them, that may wait for the disk before the agent's output is no longer read. */
const MAX_WAITING = 2_000;
const MAX_WAITING_CHARS = 16_000_000;

interface AgentLogOptions {
  readonly store: TaskStore;
  readonly taskId: string;
  readonly logger: Logger;
  readonly policy: Pick<PermissionPolicy, 'observe'>;
  readonly settings: Pick<LiveSettings, 'current'>;
  /** Called when the agent used a tool that its task may not use. */
  readonly denied: (error: TaskError) => void;
}

/** Writes the entries of an agent to the log of its task, and has the policy judge its tool calls. */
export class AgentLog {
  private readonly options: AgentLogOptions;
  private readonly limit: RunLogLimit;
  private waiting = 0;
  private waitingChars = 0;
  private written: Promise<void> = Promise.resolve();
  private observed: Promise<unknown> = Promise.resolve();

  constructor(options: AgentLogOptions) {
    this.options = options;
    this.limit = new RunLogLimit(() => options.settings.current.logs?.maxRunMegabytes);
  }

  /** See `AgentClient.log`. */
  write(entry: LogDraft, raw: LogDraft = entry): void | Promise<void> {
    this.observe(raw);
    const admitted = this.limit.admit(entry);
    if (admitted !== undefined) this.append(admitted);
    if (this.waiting > MAX_WAITING || this.waitingChars > MAX_WAITING_CHARS) return this.written;
  }

  /** Resolves when all entries so far are written, synced to disk and judged. Never rejects. */
  async flush(): Promise<void> {
    const { store, taskId, logger } = this.options;
    const refused = this.limit.report();
    if (refused !== undefined) this.append(refused);
    await Promise.all([this.written, this.observed]);
    await store.syncLog(taskId).catch((error) => logger.error('The log could not be synced to disk.', error));
  }

  private append(entry: LogDraft): void {
    const { store, taskId, logger } = this.options;
    const chars = sizeOf(entry);
    this.waiting += 1;
    this.waitingChars += chars;
    this.written = store
      .appendLog(taskId, [entry])
      .catch((error) => logger.error('A line of the log could not be written.', error))
      .then(() => {
        this.waiting -= 1;
        this.waitingChars -= chars;
      });
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
