import type { TaskError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { LogDraft } from '../../core/task/log-entry.ts';
import type { TaskStore } from '../../store/task-store.ts';
import type { PermissionPolicy } from '../approvals/permission-policy.ts';
import { isOutage, type Outage } from '../liveness/outage.ts';
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
  readonly outage: Outage;
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
  /** Since the first outage: resolves when the next entry can be written, so that entries stay in order. */
  private held: Promise<void> | undefined;
  /** Entries that an outage has lost, until the log has a mark for them. */
  private lost = 0;
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
    if (this.lost > 0) await this.keep();
    await store.syncLog(taskId).catch((error) => logger.error('The log could not be synced to disk.', error));
  }

  private append(entry: LogDraft): void {
    const { outage } = this.options;
    const chars = sizeOf(entry);
    this.waiting += 1;
    this.waitingChars += chars;
    if (this.held !== undefined || outage.isOn) {
      this.held = (this.held ?? Promise.resolve()).then(() => outage.over());
    }
    const kept = this.held === undefined ? this.keep(entry) : this.held.then(() => this.keep(entry));
    this.written = kept.then(() => {
      this.waiting -= 1;
      this.waitingChars -= chars;
    });
  }

  /** Writes an entry, after a mark for those that an outage has lost. Never rejects. */
  private async keep(...entries: LogDraft[]): Promise<void> {
    const { lost } = this;
    this.lost = 0;
    try {
      await this.options.store.appendLog(this.options.taskId, [...(lost === 0 ? [] : [gap(lost)]), ...entries]);
    } catch (error) {
      if (isOutage(error)) this.lost += lost + entries.length;
      this.options.logger.error('A line of the log could not be written.', error);
    }
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

function gap(lines: number): LogDraft {
  const message = `The database did not answer: up to ${lines} ${lines === 1 ? 'line is' : 'lines are'} missing here.`;
  return { level: 'warn', type: 'system', message };
}
