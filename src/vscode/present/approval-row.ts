import type { Approval } from '../../core/task/approval.ts';
import { pathWithin } from '../../core/text/path-within.ts';
import { visibleLine } from '../../core/text/visible.ts';
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

/** `folder` is the path of the workspace folder, within which files are named. */
export function approvalRow(approval: Approval, taskNumber: number, folder: string): ApprovalRow {
  const label = visibleLine(approval.title);
  // The title often is the command or file; repeating it only moves the buttons away.
  const description =
    [subjectOf(approval, folder), kindWord(approval)].find((words) => !label.includes(words ?? label)) ?? '';
  return {
    label,
    description,
    icon: { id: iconOf(approval), color: 'list.warningForeground' },
    contextValue: `approval undecided ${waysToDecide(approval)}`,
    spoken: spoken(approval, taskNumber, [label, description].filter(Boolean).join(', ')),
  };
}

function spoken({ kind }: Approval, taskNumber: number, words: string): string {
  if (kind === 'feedback') return l10n.t('Task {0} has a question: {1}', taskNumber, words);
  return l10n.t('Task {0} asks: {1}, needs your decision', taskNumber, words);
}

/** The menus of a row: a question is answered with text, other requests are approved. */
function waysToDecide({ kind }: Approval): string {
  if (kind === 'feedback') return 'question';
  return kind === 'tool' ? 'decidable forTask' : 'decidable';
}

/** The subject of a request in one line: the command, or the files. */
export function subjectOf(approval: Approval, folder: string): string | undefined {
  const { command, diffs, files } = approval.detail ?? {};
  if (command !== undefined) return shorten(visibleLine(command));
  const paths = diffs?.map((diff) => diff.path) ?? files ?? [];
  const [first, ...others] = paths;
  if (first === undefined) return undefined;
  const name = shorten(visibleLine(pathWithin(first, folder)));
  return others.length === 0 ? name : l10n.t('{0} and {1} more', name, others.length);
}

export function kindWord(approval: Approval): string {
  switch (approval.kind) {
    case 'gate':
      return l10n.t('before it starts');
    case 'feedback':
      return l10n.t('question');
    default:
      return visibleLine(approval.detail?.toolName ?? approval.detail?.toolKind ?? l10n.t('tool'));
  }
}

function iconOf(approval: Approval): string {
  if (approval.kind === 'gate') return 'shield';
  if (approval.kind === 'feedback') return 'question';
  if ((approval.detail?.diffs?.length ?? 0) > 0) return 'diff';
  return approval.detail?.command === undefined ? 'tools' : 'terminal';
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
