import type { Decision } from '../../webviews/approvals/protocol.ts';
import { l10n } from '../present/l10n.ts';

/** The result of deciding several requests. */
interface Outcome {
  readonly done: number;
  /** Requests that were decided elsewhere, or that have changed since the page showed them. */
  readonly gone: number;
  /** Number of the task, if the person decided a single request. */
  readonly task?: number | undefined;
}

/** One line. A request that was decided elsewhere first is not a failure. */
export function outcomeWords(decision: Decision, { done, gone, task }: Outcome): string {
  const sentences = done === 0 ? [] : [doneWords(decision, done, task)];
  if (gone === 1) sentences.push(l10n.t('1 request was already decided or has changed.'));
  if (gone > 1) sentences.push(l10n.t('{0} requests were already decided or have changed.', gone));
  return sentences.join(' ');
}

function doneWords(decision: Decision, done: number, task: number | undefined): string {
  const rejected = decision === 'reject';
  if (task !== undefined) return rejected ? l10n.t('Rejected for #{0}.', task) : l10n.t('Approved for #{0}.', task);
  if (done === 1) return rejected ? l10n.t('1 request rejected.') : l10n.t('1 request approved.');
  return rejected ? l10n.t('{0} requests rejected.', done) : l10n.t('{0} requests approved.', done);
}
