import { TaskError } from '../../core/errors.ts';
import { needsAcceptance } from '../../core/task/collaboration.ts';
import { awaitsAnswer, waitingAnswer } from '../../core/task/question.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { waitingFollowUps } from '../../core/task/session.ts';

/**
 * - `opening`: the agent starts and opens its session.
 * - `prompting`: the agent works on a prompt.
 * - `asking`: its last turn ended with a question to a person.
 * - `idle`: its last turn ended, and the session stays open for follow-ups.
 * - `closing`: the session gets no more prompts.
 * - `ended`: nothing of the session is left.
 */
export type ConversationState = 'opening' | 'prompting' | 'asking' | 'idle' | 'closing' | 'ended';
export type ConversationEvent = 'opened' | 'prompted' | 'asked' | 'rested' | 'closed' | 'gone';

/** Every legal change of a conversation. */
const transitions: Readonly<
  Record<ConversationState, Readonly<Partial<Record<ConversationEvent, ConversationState>>>>
> = {
  opening: { opened: 'prompting', closed: 'closing' },
  // Prompted again without a rest: the agent receives the reason of the refusal.
  prompting: { prompted: 'prompting', asked: 'asking', rested: 'idle', closed: 'closing' },
  asking: { prompted: 'prompting', closed: 'closing' },
  idle: { prompted: 'prompting', closed: 'closing' },
  closing: { closed: 'closing', gone: 'ended' },
  ended: {},
};

/** @throws TaskError `Internal` for a change that is not in the table */
export function nextState(state: ConversationState, event: ConversationEvent): ConversationState {
  const next = transitions[state][event];
  if (next === undefined) throw new TaskError('Internal', `A conversation that is ${state} cannot be ${event}.`);
  return next;
}

/** The state of an open session between two turns. */
export type Rest =
  | { readonly do: 'answer' | 'follow-up' | 'close' }
  | { readonly do: 'accept'; readonly reason: string }
  | { readonly do: 'wait'; readonly ms: number };

/** Milliseconds until an idle task under review is checked again. */
const AGAIN_MS = 60_000;

/**
 * Decides the next action of an open session.
 *
 * @param gone true if the agent's process has ended
 * @param leftMs milliseconds until the idle time of the session ends
 * @param holdsUpOthers true if other tasks wait for this one to complete
 */
export function restOf(
  task: TaskRecord,
  { gone, leftMs, holdsUpOthers }: { gone: boolean; leftMs: number; holdsUpOthers: boolean },
): Rest {
  const idle = leftMs <= 0;
  const asks = awaitsAnswer(task);
  if (waitingAnswer(task) !== undefined) return { do: 'answer' };
  // An answer may take days. The task resumes the session later, so it need not stay open.
  if (asks && (gone || idle)) return { do: 'close' };
  // A worker opens the session again for it.
  if (!asks && waitingFollowUps(task).length > 0) return { do: gone ? 'close' : 'follow-up' };
  if (!asks && needsAcceptance(task))
    return gone ? { do: 'close' } : { do: 'wait', ms: Math.max(leftMs, idle ? AGAIN_MS : 0) };
  if (!asks && (gone || idle || holdsUpOthers)) {
    return { do: 'accept', reason: gone ? 'its session ended' : idle ? 'idle' : 'other work waits for it' };
  }
  return { do: 'wait', ms: leftMs };
}

/** True while the session waits for a person, or for an answer that was given and not sent yet. */
export function isOpen(task: TaskRecord): boolean {
  return task.status === 'completed_active' || awaitsAnswer(task) || waitingAnswer(task) !== undefined;
}
