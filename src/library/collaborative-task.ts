import { z } from 'zod';
import { TaskError } from '../core/errors.ts';
import { textStep } from '../core/next-step.ts';
import type { AITool } from '../core/task/agents.ts';
import { CONTINUE, needsAcceptance } from '../core/task/collaboration.ts';
import { type CollaborationMode, collaborationModeSchema } from '../core/task/collaboration-mode.ts';
import { parseInput } from '../core/task/create.ts';
import { isTerminal } from '../core/task/lifecycle.ts';
import type { Task, TaskRecord } from '../core/task/schema.ts';
import { waitingFollowUps } from '../core/task/session.ts';
import { taskAnswer } from '../operations/approval/answer.ts';
import { taskApprove } from '../operations/approval/approve.ts';
import { taskReject } from '../operations/approval/reject.ts';
import { requestDigest } from '../operations/approval/request-digest.ts';
import type { OperationContext } from '../operations/context.ts';
import { runOperation } from '../operations/operation.ts';
import { taskComplete } from '../operations/task/complete.ts';
import { taskCreate } from '../operations/task/create.ts';
import { taskFollowUp } from '../operations/task/follow-up.ts';
import { taskPause } from '../operations/task/pause.ts';
import { taskResume } from '../operations/task/resume.ts';
import { taskStart } from '../operations/task/start.ts';
import { changeOrPoll, timedOut, type WaitOptions } from '../operations/task/wait-for.ts';
import { type Stop, type StopKind, stopOf } from './collaboration-stop.ts';
import { type ContextSource, WithContext } from './context-source.ts';

/** The parameters of `task create`, by the same names. */
export type CollaborativeTaskParams = Omit<z.input<typeof taskCreate.input>, 'collaboration' | 'start' | 'tool'> & {
  readonly title: string;
  readonly tool?: AITool | undefined;
  /** Default: `assisted`. */
  readonly collaborationMode?: CollaborationMode | undefined;
};

/** A task that has stopped for a person. */
export interface CollaborationState {
  readonly task: TaskRecord;
  readonly kind: StopKind;
  /** The agent's proposal or question, or the title of its request for permission. */
  readonly currentSuggestion: string;
  /** True for a proposal after which the agent has nothing left to do. */
  readonly isFinal: boolean;
  /**
   * Adds a reply to the agent. It rejects a request for permission, and answers a question.
   *
   * @throws TaskError `InvalidInput` for a blank text
   */
  addHumanFeedback(text: string): void;
}

/**
 * - `continue`: sends the feedback. Without feedback, the agent carries out its proposal, a request is approved, a
 *   question is left to the agent, a paused task resumes, and a final proposal completes the task.
 * - `accept`: completes the task. For a request or a question, the same as `continue`.
 * - `stop`: leaves the task as it is. Feedback is not sent.
 */
export type PauseReply = 'continue' | 'accept' | 'stop';
export type PauseHandler = (state: CollaborationState) => PauseReply | Promise<PauseReply>;

const replies: readonly unknown[] = ['continue', 'accept', 'stop'] satisfies PauseReply[];

const paramsSchema = z.strictObject({
  ...taskCreate.input.omit({ collaboration: true, start: true }).shape,
  collaborationMode: collaborationModeSchema.default('assisted'),
});

/**
 * A task that a person and an agent share. The mode is stored with the task, so that every worker keeps to it.
 *
 * @example
 * const task = new CollaborativeTask({
 *   title: 'Refactor legacy authentication system',
 *   description: 'Modernize auth system while maintaining compatibility',
 *   collaborationMode: 'assisted',
 * });
 * task.onPause((state) => {
 *   console.log(`The agent suggests: ${state.currentSuggestion}`);
 *   state.addHumanFeedback('Keep the old login page.');
 *   return 'continue';
 * });
 * await task.execute();
 * await task.close();
 */
export class CollaborativeTask extends WithContext {
  private readonly params: z.output<typeof paramsSchema>;
  private handler: PauseHandler | undefined;
  private created: Promise<Task> | undefined;

  /** @throws TaskError `InvalidInput` for an unknown mode or key */
  constructor(params: CollaborativeTaskParams, source: ContextSource = {}) {
    // Decisions in other processes are events, too.
    super('store' in source ? source : { watch: true, ...source });
    this.params = parseInput(paramsSchema, params);
  }

  /**
   * Calls the handler whenever the task stops for a person: a function, or a decorator. The latest handler counts. An
   * error of the handler ends `execute`, and the task stays as it is.
   */
  readonly onPause = <F extends PauseHandler>(handler: F, _context?: unknown): F => {
    this.handler = handler;
    return handler;
  };

  /** Creates the task once. `execute` does so, too. @throws TaskError as `task create` */
  create(): Promise<Task> {
    const { collaborationMode: collaboration, ...fields } = this.params;
    this.created ??= this.context().then((context) => runOperation(taskCreate, context, { ...fields, collaboration }));
    return this.created;
  }

  /**
   * Starts the task, and calls the handler at each stop until the task has ended. Without a handler, it waits for
   * decisions in other faces.
   *
   * @returns the task: ended, or as it is after `stop`. Unless it is assisted, its session may stay open.
   * @throws TaskError `TaskNotFound`, `AgentUnavailable`, `TimedOut`; the error of the handler; and the reason of the
   *   signal if it aborts
   */
  async execute({ signal, timeout }: WaitOptions = {}): Promise<TaskRecord> {
    signal?.throwIfAborted();
    const until = timeout === undefined ? undefined : performance.now() + timeout;
    const context = await this.context();
    const { id } = await this.create();
    if (context.store.resolve(id).status === 'pending') await runOperation(taskStart, context, { tasks: [id] });
    for (;;) {
      signal?.throwIfAborted();
      await context.store.refresh();
      const task = context.store.resolve(id);
      if (hasEnded(task)) return task;
      const stop = this.handler === undefined ? undefined : stopOf(task);
      if (stop !== undefined) {
        const reply = await this.ask(task, stop, context);
        if (reply === 'stop') return context.store.resolve(id);
      } else {
        if (until !== undefined && performance.now() >= until) throw timedOut([task]);
        await changeOrPoll(context, signal, until);
      }
    }
  }

  /** Stops the agent at any point. Feedback resumes the same session. @throws TaskError `IllegalTransition` */
  async pause(reason?: string): Promise<void> {
    const { id } = await this.create();
    await runOperation(taskPause, await this.context(), { tasks: [id], reason });
  }

  /**
   * Sends feedback at any point. A working agent receives it after its turn, and a paused one resumes with it.
   *
   * @throws TaskError `SessionClosed` for a task that has not begun or has ended
   */
  async addHumanFeedback(text: string): Promise<void> {
    const { id } = await this.create();
    await runOperation(taskFollowUp, await this.context(), { task: id, prompt: text });
  }

  private async ask(task: TaskRecord, stop: Stop, context: OperationContext): Promise<PauseReply> {
    const feedback: string[] = [];
    const reply = await this.handler?.({
      task,
      kind: stop.kind,
      currentSuggestion: stop.suggestion,
      isFinal: stop.final,
      addHumanFeedback(text) {
        if (text.trim() === '') throw new TaskError('InvalidInput', 'Feedback needs some words.');
        feedback.push(text);
      },
    });
    if (reply === undefined || !replies.includes(reply)) {
      throw new TaskError('InvalidInput', `The handler of #${task.number} returned "${reply}".`, {
        next: [textStep("Return 'continue', 'accept' or 'stop'.")],
      });
    }
    if (reply === 'stop') return reply;
    await context.store.refresh();
    const now = context.store.resolve(task.id);
    // A person has decided elsewhere while the handler ran: only new words count.
    if (stopOf(now)?.key !== stop.key) {
      if (feedback.length > 0 && !isTerminal(now.status)) await this.addHumanFeedback(feedback.join('\n\n'));
    } else await apply(context, now, stop, feedback.join('\n\n'), reply);
    return reply;
  }
}

/** Carries out the reply of a person. */
async function apply(
  context: OperationContext,
  { id, ...rest }: TaskRecord,
  { kind, final, approval }: Stop,
  words: string,
  reply: PauseReply,
): Promise<void> {
  if (approval !== undefined) {
    const which = { task: id, request: approval.id };
    if (kind === 'request' && words === '') {
      const shown = requestDigest({ id, ...rest }, approval);
      await runOperation(taskApprove, context, { ...which, shown });
    } else if (kind === 'question' && words !== '')
      await runOperation(taskAnswer, context, { ...which, answer: words });
    else await runOperation(taskReject, context, { ...which, ...(words === '' ? {} : { reason: words }) });
  } else if (reply === 'accept' || (kind === 'proposal' && final && words === '')) {
    await runOperation(taskComplete, context, { tasks: [id], notes: words === '' ? undefined : words });
  } else if (kind === 'paused' && words === '') await runOperation(taskResume, context, { tasks: [id] });
  else await runOperation(taskFollowUp, context, { task: id, prompt: words === '' ? CONTINUE : words });
}

/** The session of a task that no person must accept may stay open. */
function hasEnded(task: TaskRecord): boolean {
  if (task.status === 'completed_active') return !needsAcceptance(task) && waitingFollowUps(task).length === 0;
  return isTerminal(task.status) && task.lease === undefined;
}
