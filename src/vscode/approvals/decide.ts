import { requireAnswer } from '../../core/task/form-answer.ts';
import { requestDigest } from '../../operations/approval/request-digest.ts';
import type { ApprovalsProtocol } from '../../webviews/approvals/protocol.ts';
import type { FormValues } from '../../webviews/kit/form-schema.ts';
import type { InputOf, OutputOf } from '../../webviews/kit/protocol.ts';
import { errorText, errorWords } from '../feedback/errors.ts';
import type { PendingApproval } from '../folders/pending-approvals.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import { keyOf } from './cards.ts';
import { answerText } from './form-fields.ts';
import { outcomeWords } from './outcome.ts';

type Wish = InputOf<ApprovalsProtocol, 'decide'>;

/** Decides the named requests one after the other. A failure does not keep the others from being decided. */
export async function decideAll(
  pending: readonly PendingApproval[],
  wish: Wish,
): Promise<OutputOf<ApprovalsProtocol, 'decide'>> {
  const { keys, decision } = wish;
  const open = new Map(pending.map((request) => [keyOf(request), request]));
  const wanted = new Set(keys);
  const failures = new Map<string, string>();
  let [done, gone] = [0, 0];
  for (const key of wanted) {
    const request = open.get(key);
    try {
      if (request === undefined) gone += 1;
      else {
        await decideOne(request, wish);
        done += 1;
      }
    } catch (error) {
      if (isGone(error, decision)) gone += 1;
      else failures.set(key, errorText(error));
    }
  }
  const task = wanted.size === 1 ? open.get(keys[0] ?? '')?.task.number : undefined;
  const words = [outcomeWords(decision, { done, gone, task }), ...new Set(failures.values())];
  return { words: words.filter(Boolean).join(' '), failed: [...failures.keys()] };
}

/** Answers a question. The request stays pending, and the error says why, if the agent cannot use the answer. */
export async function answerOne(
  { folder, task, approval }: PendingApproval,
  values: FormValues,
): Promise<{ words: string }> {
  const answer = answerText(approval, values);
  requireAnswer(approval, answer);
  await operate(folder, 'task.answer', { task: task.id, request: approval.id, answer });
  return { words: l10n.t('Answered the question of task #{0}.', task.number) };
}

async function decideOne(
  { folder, task, approval }: PendingApproval,
  { decision, reason = '', shown }: Wish,
): Promise<void> {
  const which = { task: task.id, request: approval.id };
  if (decision === 'reject') {
    await operate(folder, 'task.reject', { ...which, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) });
    return;
  }
  if (approval.kind === 'feedback') {
    throw new Error(l10n.t('Task #{0} asked a question. Answer it instead.', task.number));
  }
  await operate(folder, 'task.approve', {
    ...which,
    forTask: decision === 'approveForTask',
    remember: decision === 'remember',
    // The digest of the rule or of the request that the person has seen.
    shown: decision === 'remember' ? (shown ?? '') : requestDigest(task, approval),
  });
}

/** A rule that has changed since is reported as a failure instead, because its card is still there. */
function isGone(error: unknown, decision: Wish['decision']): boolean {
  const { code } = errorWords(error);
  return code === 'ApprovalNotFound' || (code === 'ChangedSinceShown' && decision !== 'remember');
}
