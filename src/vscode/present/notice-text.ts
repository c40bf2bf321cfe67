import type { Approval } from '../../core/task/approval.ts';
import { awaitsPick } from '../../core/task/race.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Standing } from '../../core/task/standing.ts';
import { shownWithin } from '../../core/task/work-path.ts';
import { subjectOf } from './approval-row.ts';
import { l10n } from './l10n.ts';
import { excerpt, plainMessage } from './markdown.ts';

/** The requests of a task that a notification shows: those of its standing. */
export function noticedRequests(situation: Standing): readonly Approval[] {
  return situation.kind === 'asking' ? situation.requests : [];
}

/** The sentence of a notification about the end of a run. */
export function outcomeText(task: TaskRecord, outcome: 'failed' | 'review' | 'completed'): string {
  const words = [task.number, excerpt(plainMessage(task.title), 60)] as const;
  switch (outcome) {
    case 'failed': {
      const error = excerpt(plainMessage(task.error ?? ''), 200);
      return error === '' ? l10n.t('#{0} {1} failed.', ...words) : l10n.t('#{0} {1} failed: {2}', ...words, error);
    }
    case 'review':
      return awaitsPick(task)
        ? l10n.t('#{0} {1} has results to compare.', ...words)
        : l10n.t('#{0} {1} has changes to review.', ...words);
    case 'completed':
      return l10n.t('#{0} {1} completed.', ...words);
  }
}

/** The sentence of a notification about a request. `folder` shortens paths. */
export function noticeText(task: TaskRecord, approval: Approval, folder: string): string {
  const title = plainMessage(approval.title);
  const subject = subjectOf(approval, shownWithin(folder, task));
  const what = subject === undefined || title.includes(subject) ? title : `${title}: ${plainMessage(subject)}`;
  // Cut before the links: the editor cuts a long message at its end.
  const words = [task.number, excerpt(plainMessage(task.title), 60), excerpt(what, 240)] as const;
  return approval.kind === 'feedback'
    ? l10n.t('#{0} {1} has a question: {2}', ...words)
    : l10n.t('#{0} {1} asks: {2}', ...words);
}

/**
 * The sentence of a notification about a limit that was reached, or of which a share in percent was used.
 *
 * @param limit its kind, and the number of the task that has it or `day`: `cost:7`
 */
export function budgetText(task: TaskRecord, limit: string, percent: number): string {
  const words = [task.number, excerpt(plainMessage(task.title), 60), limitWords(task, limit)] as const;
  return percent >= 100
    ? l10n.t('Task #{0} {1} reached {2}.', ...words)
    : l10n.t('Task #{0} {1} has used {3} % of {2}.', ...words, percent);
}

function limitWords({ number }: TaskRecord, limit: string): string {
  const [kind = '', owner] = limit.split(':');
  if (owner === undefined || owner === String(number)) return l10n.t('its {0} limit', kind);
  return owner === 'day' ? l10n.t('the daily {0} limit', kind) : l10n.t('the {0} limit of #{1}', kind, owner);
}

/** The sentence for a link to a task in a folder that is not open. Links come from other programs and web pages. */
export function closedFolderText(folder: string): string {
  return l10n.t('Open the folder {0} first, then open the link again.', plainMessage(folder));
}

/** The sentence of a notification about imported queued tasks. A workspace file can give a folder any name. */
export function importedText(folder: string, tasks: number): string {
  const name = plainMessage(folder);
  return tasks === 1
    ? l10n.t('1 task of {0} was queued on another machine. It waits until you confirm it.', name)
    : l10n.t('{1} tasks of {0} were queued on another machine. They wait until you confirm them.', name, tasks);
}
