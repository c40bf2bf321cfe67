import type { Approval } from '../../core/task/approval.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Standing } from '../../core/task/standing.ts';
import { subjectOf } from './approval-row.ts';
import { l10n } from './l10n.ts';
import { excerpt, plainMessage } from './markdown.ts';

/** The requests of a task that a notification shows: those of its standing. */
export function noticedRequests(situation: Standing): readonly Approval[] {
  return situation.kind === 'asking' ? situation.requests : [];
}

/** The sentence of a notification about a request. `folder` shortens paths. */
export function noticeText(task: TaskRecord, approval: Approval, folder: string): string {
  const title = plainMessage(approval.title);
  const subject = subjectOf(approval, folder);
  const what = subject === undefined || title.includes(subject) ? title : `${title}: ${plainMessage(subject)}`;
  // Cut before the links: the editor cuts a long message at its end.
  const words = [task.number, excerpt(plainMessage(task.title), 60), excerpt(what, 240)] as const;
  return approval.kind === 'feedback'
    ? l10n.t('#{0} {1} has a question: {2}', ...words)
    : l10n.t('#{0} {1} asks: {2}', ...words);
}
