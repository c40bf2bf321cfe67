import type { Approval } from '../../core/task/approval.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { l10n } from './l10n.ts';
import type { Icon } from './task-row.ts';

/** All that a row of the tree shows of a request. */
export interface ApprovalRow {
  readonly label: string;
  readonly description: string;
  readonly icon: Icon;
  readonly contextValue: string;
  readonly spoken: string;
}

export function approvalRow(approval: Approval, taskNumber: number): ApprovalRow {
  const label = sanitizeLine(approval.title);
  const subject = subjectOf(approval);
  // The command or file often is the title already; saying it twice only pushes the buttons away.
  const description = subject === undefined || label.includes(subject) ? kindWord(approval) : subject;
  return {
    label,
    description,
    icon: { id: iconOf(approval), color: 'list.warningForeground' },
    contextValue: approval.kind === 'tool' ? 'approval undecided forTask' : 'approval undecided',
    spoken: l10n.t('Task {0} asks: {1}, {2}, waiting for your decision', taskNumber, label, description),
  };
}

/** What the request is about, in one line: the command, or the files. */
export function subjectOf(approval: Approval): string | undefined {
  const { command, diffs, files } = approval.detail ?? {};
  if (command !== undefined) return shorten(sanitizeLine(command));
  const paths = diffs?.map((diff) => diff.path) ?? files ?? [];
  const [first, ...others] = paths;
  if (first === undefined) return undefined;
  const name = shorten(sanitizeLine(first));
  return others.length === 0 ? name : l10n.t('{0} and {1} more', name, others.length);
}

export function kindWord(approval: Approval): string {
  switch (approval.kind) {
    case 'gate':
      return l10n.t('before it starts');
    case 'tool':
      return sanitizeLine(approval.detail?.toolName ?? approval.detail?.toolKind ?? l10n.t('tool'));
    case 'merge':
      return l10n.t('merge');
    case 'budget':
      return l10n.t('more budget');
    case 'feedback':
      return l10n.t('question');
  }
}

function iconOf(approval: Approval): string {
  if (approval.kind === 'gate') return 'shield';
  if (approval.kind === 'merge') return 'git-merge';
  if (approval.kind === 'budget') return 'dashboard';
  if (approval.kind === 'feedback') return 'question';
  if ((approval.detail?.diffs?.length ?? 0) > 0) return 'diff';
  return approval.detail?.command === undefined ? 'tools' : 'terminal';
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
