import type { AgentSession } from '../../core/agent/port.ts';
import { continuePrompt, promptFor, refusedPrompt, resumePrompt, tellRestored } from '../../core/agent/prompt.ts';
import type { TaskError } from '../../core/errors.ts';
import { holdsUpOthers } from '../../core/task/dependencies.ts';
import { awaitsAnswer } from '../../core/task/question.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { TurnOutcome } from '../../core/task/turn.ts';
import type { TaskStore } from '../../store/task-store.ts';
import { holdByBudget } from '../budget/budget-guard.ts';
import type { DayBudget } from '../budget/day-budget.ts';
import type { Prompts } from './prompts.ts';
import { type ConversationEvent, type ConversationState, isOpen, nextState, restOf } from './states.ts';

/** How often a conversation tells its agent why it was refused something. After that the person decides. */
const REFUSALS_TOLD = 3;

export interface ConversationOptions {
  readonly store: TaskStore;
  readonly day?: DayBudget | undefined;
  /** The task as it was claimed. */
  readonly task: TaskRecord;
  /** Session of an interrupted execution that the agent was asked to resume. */
  readonly resume: string | undefined;
  readonly prompts: Prompts;
  /** How long an open session waits for a follow-up, in milliseconds. */
  readonly sessionIdleMs: () => number;
  readonly isPlaying: () => boolean;
  /** False once the task is not this run's to work on. */
  readonly isActive: () => boolean;
  /** True once the worker ends: what a turn says then is not recorded. */
  readonly isStopping: () => boolean;
  /** The reason for which the run must fail. */
  readonly denied: () => TaskError | undefined;
  /** Writes all messages of the agent so far to the store. */
  readonly flush: () => Promise<void>;
  /** Refusals that the agent has not reacted to. */
  readonly takeRefusals: () => readonly string[];
  readonly logRefusals: (message: string) => Promise<void>;
  /** Records the end of a turn in the task. */
  readonly endTurn: (outcome: TurnOutcome, followUps: boolean) => Promise<void>;
}

/** One session with one agent: its prompts, its refusals, its questions and its time. */
export class Conversation {
  private readonly options: ConversationOptions;
  private current: ConversationState = 'opening';
  private told = 0;
  private wakeUp: () => void = () => {};

  constructor(options: ConversationOptions) {
    this.options = options;
  }

  /** Looks at the task again, which may have changed. */
  wake(): void {
    this.wakeUp();
  }

  /** Prompts the agent until the session is to be closed. */
  async hold(session: AgentSession): Promise<void> {
    const { task, isActive } = this.options;
    let prompt: string | undefined = tellRestored(await this.firstPrompt(session), task);
    this.apply('opened');
    while (prompt !== undefined && isActive()) {
      await this.turn(session, prompt);
      prompt = await this.nextPrompt(session);
      if (prompt !== undefined) this.apply('prompted');
    }
    this.close();
  }

  /** No more prompts follow. */
  close(): void {
    if (this.current !== 'ended') this.apply('closed');
    this.wake();
  }

  /** Nothing of the session is left. */
  end(): void {
    this.close();
    if (this.current === 'closing') this.apply('gone');
  }

  private apply(event: ConversationEvent): void {
    // Closed from outside while a turn ended: it stays closed.
    if (this.current === 'closing' && event !== 'gone') return;
    this.current = nextState(this.current, event);
  }

  private get task(): TaskRecord | undefined {
    return this.options.store.view.byId(this.options.task.id);
  }

  private async firstPrompt(session: AgentSession): Promise<string> {
    const { task, resume, store, prompts } = this.options;
    const answer = await prompts.takeAnswer();
    if (session.resumed) return answer ?? resumePrompt(task);
    if (resume === undefined && answer === undefined) return promptFor(task);
    const { entries } = await store.getLogs(task.id, { limit: 300 });
    const asked = answer === undefined ? '' : `\n\n## The answer to its last question\n\n${answer}`;
    return `${continuePrompt(task, entries)}${asked}`;
  }

  private async turn(session: AgentSession, prompt: string): Promise<void> {
    const { isStopping, flush, denied, logRefusals, endTurn } = this.options;
    const outcome = await session.prompt(prompt);
    if (isStopping()) return;
    await flush();
    const error = denied();
    if (error !== undefined) throw error;
    const refused = this.refusedPrompt(outcome, session);
    if (refused !== undefined) {
      await logRefusals(refused);
      this.apply('prompted');
      return this.turn(session, refused);
    }
    await endTurn(outcome, session.followUps);
  }

  /** The prompt after a turn that ended at a refusal, if another turn is within the limits. */
  private refusedPrompt(outcome: TurnOutcome, session: AgentSession): string | undefined {
    const { takeRefusals, isActive, store, day } = this.options;
    const refusals = takeRefusals();
    const { task } = this;
    if (outcome.kind !== 'completed' || refusals.length === 0 || !session.followUps) return undefined;
    if (task === undefined || !isActive() || this.told >= REFUSALS_TOLD) return undefined;
    if (holdByBudget(task, store.view, new Date().toISOString(), day) !== undefined) return undefined;
    this.told += 1;
    return refusedPrompt(refusals);
  }

  /** Waits in the open session for another prompt. Undefined when the session is to be closed. */
  private async nextPrompt(session: AgentSession): Promise<string | undefined> {
    const { isActive, sessionIdleMs, prompts } = this.options;
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
