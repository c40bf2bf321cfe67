import { type Approval, pendingApprovals } from '../core/task/approval.ts';
import { isFinal, needsAcceptance } from '../core/task/collaboration.ts';
import { messageOf } from '../core/task/handoff.ts';
import { awaitsAnswer } from '../core/task/question.ts';
import type { TaskRecord } from '../core/task/schema.ts';
import { waitingFollowUps } from '../core/task/session.ts';

/**
 * Why a task has stopped for a person:
 * - `proposal`: the turn of an assisted task has ended.
 * - `question`: the agent asks a question.
 * - `request`: the agent asks for permission to use a tool.
 * - `paused`: a person has paused the task.
 */
export type StopKind = 'proposal' | 'question' | 'request' | 'paused';

/** A stop of a task that a person ends. */
export interface Stop {
  readonly kind: StopKind;
  /** Differs from the key of every other stop of the task. */
  readonly key: string;
  /** The agent's proposal or question, or the title of its request. Empty without a message. */
  readonly suggestion: string;
  /** True for a proposal after which nothing is left to do. */
  readonly final: boolean;
  /** The request or question to decide. */
  readonly approval?: Approval | undefined;
}

/** The stop of a task that waits for a person. Undefined while it works, and for limits and approvals of its start. */
export function stopOf(task: TaskRecord): Stop | undefined {
  const since = task.history.findLast((change) => change.changes === undefined)?.at ?? task.created_at;
  const message = messageOf({ kind: 'completed', stopReason: '', result: task.result }) ?? '';
  const approval = pendingApprovals(task).find(({ kind }) => kind === 'tool' || kind === 'feedback');
  if (approval !== undefined) {
    const question = approval.kind === 'feedback';
    const suggestion = question && awaitsAnswer(task) && message !== '' ? message : approval.title;
    return { kind: question ? 'question' : 'request', key: approval.id, suggestion, final: false, approval };
  }
  if (task.status === 'completed_active' && needsAcceptance(task) && waitingFollowUps(task).length === 0) {
    return { kind: 'proposal', key: `proposal ${since}`, suggestion: message, final: isFinal(message) };
  }
  if (task.status === 'paused' && task.pause_reason === 'person' && task.queued_at === undefined) {
    return { kind: 'paused', key: `paused ${since}`, suggestion: message, final: false };
  }
  return undefined;
}
