import type { AgentSession } from '../../core/agent/port.ts';
import { refusedPrompt } from '../../core/agent/prompt.ts';
import type { TaskError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { DECIDE_YOURSELF } from '../../core/task/collaboration.ts';
import type { CollaborationMode } from '../../core/task/collaboration-mode.ts';
import { holdsUpOthers } from '../../core/task/dependencies.ts';
import { awaitsAnswer } from '../../core/task/question.ts';
import type { TaskRecord, Usage } from '../../core/task/schema.ts';
import type { AgentEnd, TurnOutcome } from '../../core/task/turn.ts';
import type { Draft } from '../../store/journal/draft.ts';
import type { TaskStore } from '../../store/task-store.ts';
import type { ApprovalsDesk } from '../approvals/approvals-desk.ts';
import { PermissionPolicy } from '../approvals/permission-policy.ts';
import { WaitingRequests } from '../approvals/waiting-requests.ts';
import { holdByBudget } from '../budget/budget-guard.ts';
import type { DayBudget } from '../budget/day-budget.ts';
import type { Outage } from '../liveness/outage.ts';
import type { LiveSettings } from '../settings/live-settings.ts';
import { AgentLog } from './agent-log.ts';
import { ConversationClient } from './client.ts';
import { closeSession } from './close-session.ts';
import { readLessons } from './lessons.ts';
import { Prompts } from './prompts.ts';
import { quietMark } from './quiet-mark.ts';
import { QuietWatch } from './quiet-watch.ts';
import { Refusals } from './refusals.ts';
import { SpendReports } from './spend-reports.ts';
import { type ConversationEvent, type ConversationState, isOpen, nextState, restOf } from './states.ts';

/** The number of times that a conversation sends its agent the reason of a refusal. After that the person decides. */
const REFUSAL_PROMPTS = 3;

/** A prompt that continues the turn of the task, and its prefix in the log. */
export interface NextPrompt {
  readonly prompt: string;
  readonly prefix: string;
}

export interface ConversationOptions {
  readonly store: TaskStore;
  readonly logger: Logger;
  readonly desk: ApprovalsDesk;
  readonly settings: LiveSettings;
  readonly day?: DayBudget | undefined;
  /** The worker's id, as in the lease. */
  readonly worker: string;
  /** The task as it was when its execution began. */
  readonly task: TaskRecord;
  readonly executionId: string;
  /** Session of an interrupted execution that the agent was asked to resume. */
  readonly resume: string | undefined;
  /** Milliseconds that an open session waits for a follow-up. */
  readonly sessionIdleMs: () => number;
  readonly isPlaying: () => boolean;
  readonly outage: Outage;
  /** False once the task is not this run's to work on. */
  readonly isActive: () => boolean;
  /** True once the worker ends: the outcome of a turn is not recorded then. */
  readonly isStopping: () => boolean;
  /** The name of the server with the tools for the agent's own task. */
  readonly ownServer?: string | undefined;
  /** True if no person decides about the agent's requests. */
  readonly asksNoPerson: () => boolean;
  readonly mode: () => CollaborationMode | undefined;
  /** True if this spend reaches a limit. */
  readonly stops: (usage: Usage) => boolean;
  /** Records the use of the limits, and pauses the task at a reached one. */
  readonly limit: (draft: Draft) => void;
  /** The diff of the earlier steps of a workflow. */
  readonly changes: () => Promise<string | undefined>;
  /** Checks a completed turn. Returns a prompt if the agent must continue its work, and otherwise the outcome. */
  readonly verify: (outcome: TurnOutcome, followUps: boolean) => Promise<TurnOutcome | NextPrompt>;
  /** Records the end of a turn in the task. */
  readonly endTurn: (outcome: TurnOutcome, followUps: boolean) => Promise<void>;
}

/** An agent that cancels its turn at every refusal cannot continue. */
function stopped(outcome: TurnOutcome): TurnOutcome {
  return {
    kind: 'failed',
    stopReason: outcome.stopReason,
    error: 'The agent cancelled its turn after a refused request.',
    errorCode: 'ToolPermissionDenied',
    ...(outcome.usage === undefined ? {} : { usage: outcome.usage }),
  };
}

/** One session with one agent: its prompts, requests, refusals, questions, spend and time. */
export class Conversation {
  /** The side that the agent calls. */
  readonly client: ConversationClient;
  /** Its requests that a rule may have decided since. */
  readonly waiting: WaitingRequests;
  private readonly options: ConversationOptions;
  private readonly prompts: Prompts;
  private readonly refusals = new Refusals();
  private current: ConversationState = 'opening';
  private session: AgentSession | undefined;
  /** The reason for which the task fails as soon as the agent has ended. */
  private denied: TaskError | undefined;
  private refusalPrompts = 0;
  private readonly start = new AbortController();
  private readonly quiet: QuietWatch;
  private wakeUp: () => void = () => {};

  constructor(options: ConversationOptions) {
    this.options = options;
    const { store, desk, worker, executionId, settings } = options;
    const { id: taskId } = options.task;
    const policy = new PermissionPolicy({
      folder: store.folder,
      task: () => this.task,
      settings,
      asksNoPerson: options.asksNoPerson,
      asksEachChange: () => options.mode() === 'supervised',
      ownServer: options.ownServer,
      log: (entry) => this.client.log(entry),
    });
    this.quiet = new QuietWatch({
      log: (entry) => void this.client.log(entry),
      mark: quietMark({ ...options, taskId }),
    });
    this.prompts = new Prompts({ store, taskId, worker });
    this.waiting = new WaitingRequests({ ...options, taskId, policy });
    this.client = new ConversationClient({
      policy,
      refusals: this.refusals,
      quiet: this.quiet,
      entries: new AgentLog({ ...options, taskId, policy, denied: (error) => this.deny(error) }),
      spend: new SpendReports({ ...options, taskId }),
      ask: async (request) => {
        const decision = await desk.ask(taskId, worker, executionId, request);
        // The agent's side would not ask about similar requests again.
        return options.mode() === 'supervised' ? { ...decision, scope: 'once' } : decision;
      },
      question: async (request) =>
        options.mode() === 'autonomous'
          ? { approved: false, scope: 'once', notes: DECIDE_YOURSELF }
          : desk.ask(taskId, worker, executionId, request, 'feedback'),
    });
  }

  /** Reads the task again, which may have changed. */
  wake(): void {
    this.wakeUp();
  }

  /** Aborted when the conversation is cancelled before its session is open. */
  get opening(): AbortSignal {
    return this.start.signal;
  }

  /** Takes the session that the agent has opened with `client`. */
  adopt(session: AgentSession): void {
    this.session = session;
  }

  /** Prompts the agent until the session is to be closed. */
  async hold(session: AgentSession): Promise<void> {
    const { store, task, resume, isActive, settings } = this.options;
    const changes = await this.options.changes();
    const lessons = settings.current.prompt?.lessons === true ? await readLessons(store.folder) : undefined;
    const { resumed } = session;
    let prompt: string | undefined = await this.prompts.first(task, { resume, resumed, changes, lessons });
    this.apply('opened');
    while (prompt !== undefined && isActive()) {
      await this.turn(session, prompt);
      prompt = await this.nextPrompt(session);
      if (prompt !== undefined) this.apply('prompted');
    }
    this.close();
  }

  /** Asks the agent to end its turn, then ends it. */
  cancel(): void {
    const { session } = this;
    if (session === undefined) {
      this.start.abort();
      return;
    }
    session
      .cancel()
      .then(() => session.close())
      .catch((error) => this.options.logger.error('An agent could not be ended.', error));
  }

  /** Ends the agent unconditionally. */
  async stop(): Promise<void> {
    this.wake();
    this.start.abort();
    await this.session?.close();
  }

  /** Ends the session and writes all of its output. Returns how the agent's process ended. */
  async end(): Promise<AgentEnd> {
    const late = (): void => {
      const message = 'The session did not close in time. Processes of the agent may still run.';
      void this.client.log({ type: 'system', level: 'warn', message });
    };
    const end = this.session === undefined ? {} : await closeSession(this.session, late);
    this.close();
    if (this.current === 'closing') this.apply('gone');
    await this.client.flush();
    return end;
  }

  /** No more prompts follow. */
  private close(): void {
    if (this.current !== 'ended') this.apply('closed');
    this.wake();
  }

  /** The agent used a tool that its task does not allow: ends it, and then fails the task. */
  private deny(error: TaskError): void {
    if (this.denied !== undefined) return;
    this.denied = error;
    this.cancel();
  }

  private apply(event: ConversationEvent): void {
    // Closed from outside at the end of a turn: it stays closed.
    if (this.current === 'closing' && event !== 'gone') return;
    this.current = nextState(this.current, event);
  }

  private get task(): TaskRecord | undefined {
    return this.options.store.view.byId(this.options.task.id);
  }

  private async turn(session: AgentSession, prompt: string): Promise<void> {
    const { isStopping, endTurn, verify } = this.options;
    // A script is quiet by nature.
    if (session.followUps) this.quiet.begin();
    const outcome = await session.prompt(prompt).finally(() => this.quiet.end());
    if (isStopping()) return;
    await this.client.flush();
    if (this.denied !== undefined) throw this.denied;
    const message = this.refusedPrompt(outcome, session);
    if (message !== undefined) return this.again(session, message, 'REFUSED');
    const ended = this.isRefused(outcome) ? stopped(outcome) : outcome;
    const verified = ended.kind === 'completed' ? await verify(ended, session.followUps) : ended;
    if (isStopping()) return;
    if ('prompt' in verified) return this.again(session, verified.prompt, verified.prefix);
    return endTurn(verified, session.followUps);
  }

  /** Prompts the agent again in the same turn of the task. */
  private async again(session: AgentSession, message: string, prefix: string): Promise<void> {
    await this.client.log({ type: 'agent', message, prefix, metadata: { source: 'worker' } });
    this.apply('prompted');
    return this.turn(session, message);
  }

  /** True if the agent, not a person, cancelled its turn, as some do at a refusal. */
  private isRefused(outcome: TurnOutcome): boolean {
    return outcome.kind === 'cancelled' && this.refusalPrompts > 0 && this.options.isActive();
  }

  /** The prompt after a turn with refusals, if another turn is within the limits. Some agents cancel the turn then. */
  private refusedPrompt(outcome: TurnOutcome, session: AgentSession): string | undefined {
    const { isActive, store, day } = this.options;
    const refusals = this.refusals.take();
    const { task } = this;
    const ended = outcome.kind === 'failed' || outcome.kind === 'interrupted';
    if (ended || refusals.length === 0 || !session.followUps) return undefined;
    const spoken = refusals.some(({ byPerson, reason }) => byPerson && reason !== undefined);
    if (task === undefined || !isActive() || (!spoken && this.refusalPrompts >= REFUSAL_PROMPTS)) return undefined;
    if (outcome.kind === 'completed' && refusals.every(({ reason }) => reason === undefined)) return undefined;
    if (holdByBudget(task, store.view, new Date().toISOString(), day) !== undefined) return undefined;
    this.refusalPrompts += 1;
    return refusedPrompt(refusals);
  }

  /** Waits in the open session for another prompt. Undefined when the session is to be closed. */
  private async nextPrompt(session: AgentSession): Promise<string | undefined> {
    const { isActive, sessionIdleMs } = this.options;
    const { prompts } = this;
    if (this.task === undefined || !isOpen(this.task)) return undefined;
    this.apply(awaitsAnswer(this.task) ? 'asked' : 'rested');
    let gone = false;
    void session.ended.then(() => {
      gone = true;
      this.wake();
    });
    // The monotonic clock: a jump of the wall clock is not idleness.
    const until = performance.now() + sessionIdleMs();
    for (;;) {
      const { task } = this;
      if (!isActive() || task === undefined || !isOpen(task)) return undefined;
      const leftMs = until - performance.now();
      const rest = restOf(task, { gone, leftMs, holdsUpOthers: this.holdsUpOthers(task) });
      if (rest.do === 'answer') return prompts.takeAnswer();
      if (rest.do === 'follow-up') return prompts.takeFollowUp();
      if (rest.do === 'accept') await prompts.accept(rest.reason);
      if (rest.do !== 'wait') return undefined;
      await this.sleep(rest.ms);
    }
  }

  private holdsUpOthers(task: TaskRecord): boolean {
    return holdsUpOthers(this.options.store.view, task, this.options.isPlaying());
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
