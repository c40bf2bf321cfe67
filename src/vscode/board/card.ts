import { budgetShares, spentOfLimit } from '../../core/policy/budget.ts';
import { onlyQuestions, pendingApprovals } from '../../core/task/approval.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { StoreView } from '../../store/journal/view.ts';
import type { Card } from '../../webviews/board/protocol.ts';
import { l10n } from '../present/l10n.ts';
import { spendTexts } from '../present/spend-text.ts';
import { agentName, priorityWord, type RowContext, rowDetails, taskRow } from '../present/task-row.ts';
import { statusWord } from '../present/words.ts';
import { buttonsOf } from '../task/buttons.ts';
import type { ChangedLines } from './change-counts.ts';

interface CardInput {
  readonly task: TaskRecord;
  readonly view: StoreView;
  readonly row: RowContext;
  readonly trusted: boolean;
  /** True if the column does not already name the status. */
  readonly withStatus: boolean;
  readonly changes: ChangedLines | undefined;
}

/** Everything that the board shows of a task, safe to show. */
export function cardOf({ task, view, row, trusted, withStatus, changes }: CardInput): Card {
  const { spoken, contextValue } = taskRow(task, row);
  const { priority } = task;
  const words = [...(withStatus ? [statusWord(task.status)] : []), ...rowDetails(task, row)];
  return {
    id: task.id,
    number: task.number,
    title: sanitizeLine(task.title),
    agent: task.kind === 'group' ? l10n.t('group') : agentName(task),
    mark: row.standing.kind,
    words: words.join(' · '),
    urgency: priority === 'critical' || priority === 'high' ? { level: priority, name: priorityWord(priority) } : null,
    parts: row.parts === undefined ? null : l10n.t('{0} of {1} done', row.parts.done, row.parts.total),
    spend: spendOf(task, view, row.now),
    changes: changes === undefined ? null : { ...changes, files: filesText(changes.files) },
    action: actionOf(task, trusted),
    flags: contextValue,
    spoken,
  };
}

/** The limit of the task that is nearest to its end; without limits, the spend. */
function spendOf(task: TaskRecord, view: StoreView, now: number): Card['spend'] {
  const shares = budgetShares(task, view, now)
    .filter(({ owner, phase, limit }) => owner.id === task.id && phase === undefined && limit > 0)
    .map((share) => ({ share, part: Math.min(1, (share.spent ?? 0) / share.limit) }))
    .sort((a, b) => b.part - a.part);
  const [first] = shares;
  if (first !== undefined) return { text: spentOfLimit(first.share, first.share.spent ?? 0), share: first.part };
  const { cost, tokens } = spendTexts(task.usage);
  const text = cost ?? (tokens === undefined ? undefined : l10n.t('{0} tokens', tokens));
  return text === undefined ? null : { text, share: null };
}

function filesText(files: number): string {
  return files === 1 ? l10n.t('1 file') : l10n.t('{0} files', files);
}

function actionOf(task: TaskRecord, trusted: boolean): Card['action'] {
  const requests = pendingApprovals(task);
  if (requests.length > 0) {
    return onlyQuestions(requests)
      ? { name: 'answer', label: l10n.t('Answer…') }
      : { name: 'decide', label: l10n.t('Decide…') };
  }
  const button = buttonsOf(task, trusted).find(({ primary }) => primary);
  return button === undefined ? null : { name: button.action, label: button.label };
}
