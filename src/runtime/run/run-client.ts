import type { AgentClient, PermissionDecision, PermissionRequest } from '../../core/agent/port.ts';
import type { TaskError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { LogDraft } from '../../core/task/log-entry.ts';
import { setUsage } from '../../core/task/run.ts';
import type { Usage } from '../../core/task/schema.ts';
import type { TaskStore } from '../../store/task-store.ts';
import type { PermissionPolicy } from '../approvals/permission-policy.ts';

const REPORT_MS = 400;
/** Entries that may wait for the disk before the agent's output is no longer read. */
const MAX_WAITING = 2_000;

/** The agent's side of a run: its words go to the task's log, its spend and progress into the task, coalesced. */
export class RunClient implements AgentClient {
  private readonly store: TaskStore;
  private readonly taskId: string;
  private readonly executionId: string;
  private readonly logger: Logger;
  private readonly ask: (request: PermissionRequest) => Promise<PermissionDecision>;
  readonly question?: (request: PermissionRequest) => Promise<PermissionDecision>;
  private readonly policy: PermissionPolicy | undefined;
  private readonly denied: ((error: TaskError) => void) | undefined;
  private readonly stops: ((usage: Usage) => boolean) | undefined;
  /** Refusals since the last message of the agent. */
  private refusals: string[] = [];
  private waiting = 0;
  private written: Promise<void> = Promise.resolve();
  private latest: { usage?: Usage; progress?: number } = {};
  private timer: NodeJS.Timeout | undefined;
  private reporting: Promise<unknown> = Promise.resolve();
  private observed: Promise<unknown> = Promise.resolve();

  constructor(options: {
    store: TaskStore;
    taskId: string;
    executionId: string;
    logger: Logger;
    ask: (request: PermissionRequest) => Promise<PermissionDecision>;
    question?: (request: PermissionRequest) => Promise<PermissionDecision>;
    policy?: PermissionPolicy;
    /** Told when the agent used a tool that its task may not use. */
    denied?: (error: TaskError) => void;
    /** True when this spend reaches a limit. */
    stops?: (usage: Usage) => boolean;
  }) {
    this.store = options.store;
    this.taskId = options.taskId;
    this.executionId = options.executionId;
    this.logger = options.logger;
    this.ask = options.ask;
    if (options.question !== undefined) this.question = options.question;
    this.policy = options.policy;
    this.denied = options.denied;
    this.stops = options.stops;
  }

  log(entry: LogDraft, raw: LogDraft = entry): void | Promise<void> {
    this.observe(raw);
    if (entry.type === 'agent') this.refusals = [];
    this.waiting += 1;
    this.written = this.store.appendLog(this.taskId, [entry]).then(
      () => this.done(),
      (error) => {
        this.done();
        this.logger.error('A line of the log could not be written.', error);
      },
    );
    if (this.waiting > MAX_WAITING) return this.written;
  }

  usage(usage: Usage): void {
    this.latest.usage = usage;
    // A reached limit must stop the agent before its next model call, so it is reported immediately.
    if (this.stops?.(usage) === true) this.report();
    else this.soon();
  }

  progress(percent: number): void {
    this.latest.progress = percent;
    this.soon();
  }

  async permission(request: PermissionRequest): Promise<PermissionDecision> {
    const decision = (await this.policy?.decide(request)) ?? (await this.ask(request));
    this.noteRefusal(request, decision);
    return decision;
  }

  async refuses(request: PermissionRequest): Promise<PermissionDecision | undefined> {
    const decision = await this.policy?.decide(request);
    if (decision?.approved === true) return undefined;
    const asksAgain = request.detail.redacted === true || (await this.policy?.leadsElsewhere(request)) === true;
    if (decision === undefined && !asksAgain) return undefined;
    const answer = decision ?? (await this.ask(request));
    this.noteRefusal(request, answer);
    return answer;
  }

  /** Reasons of the latest refusals, if the agent has sent no message since: many end their turn at a refusal
   * without telling their model the reason. Each is given once.
   */
  takeRefusals(): readonly string[] {
    return this.refusals.splice(0);
  }

  /** Writes pending reports. */
  async flush(): Promise<void> {
    this.report();
    await Promise.all([this.written, this.reporting, this.observed]);
  }

  private noteRefusal({ title }: PermissionRequest, { approved, cancelled, notes }: PermissionDecision): void {
    if (approved || cancelled === true || notes === undefined || notes.trim() === '') return;
    this.refusals.push(`${title}: ${notes.trim()}`);
  }

  private observe(entry: LogDraft): void {
    if (this.policy === undefined) return;
    const found = this.policy.observe(entry).then(
      (error) => {
        if (error !== undefined) this.denied?.(error);
      },
      (error) => this.logger.error('A tool call could not be judged.', error),
    );
    this.observed = Promise.all([this.observed, found]);
  }

  private done(): void {
    this.waiting -= 1;
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
    this.reporting = this.store
      .transact('run.report', (draft) => {
        const task = draft.byId(this.taskId);
        if (task === undefined) return;
        const spent = usage === undefined ? {} : setUsage(task, this.executionId, usage);
        draft.patch(task.id, { ...spent, ...(progress === undefined ? {} : { progress: Math.round(progress) }) });
      })
      .catch((error) => this.logger.warn('The spend or progress of a run could not be kept.', error));
  }
}
