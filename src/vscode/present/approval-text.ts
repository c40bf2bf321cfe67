import { orderOf } from '../../core/agent/order.ts';
import type { Approval } from '../../core/task/approval.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { shownWithin } from '../../core/task/work-path.ts';
import { pathWithin } from '../../core/text/path-within.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { visible, visibleLine } from '../../core/text/visible.ts';
import { kindWord } from './approval-row.ts';
import { l10n } from './l10n.ts';
import { clockText } from './time.ts';

/** A request as a read-only text: agent, request and status. For requests without file changes. */
export function approvalText(task: TaskRecord, approval: Approval, folder: string): string {
  const { detail } = approval;
  const head: [string, string | undefined][] = [
    [l10n.t('Task'), `#${task.number} ${sanitizeLine(task.title)}`],
    [l10n.t('Request'), `${approval.number}, ${kindWord(approval)}, ${statusText(approval)}`],
    [l10n.t('Asked'), clockText(approval.requested_at)],
    [l10n.t('Redacted'), detail?.redacted === true ? l10n.t('a part looks like a secret and is not shown') : undefined],
    [
      l10n.t('Files'),
      detail?.files?.map((file) => visibleLine(pathWithin(file, shownWithin(folder, task)))).join(', '),
    ],
  ];
  const lines = head.filter(([, value]) => value !== undefined).map(([name, value]) => `# ${name}: ${value}`);
  return `${lines.join('\n')}\n\n${bodyOf(task, approval)}\n`;
}

function bodyOf(task: TaskRecord, approval: Approval): string {
  const { command, input, question } = approval.detail ?? {};
  // The person must see the exact text that they approve, in any editor.
  if (command !== undefined) return visible(command);
  if (question !== undefined) return visible(question);
  // A gate asks whether the task may start, so its text contains everything that it would run.
  if (approval.kind === 'gate') return visible(orderOf(task));
  return visible(
    input === undefined ? approval.title : `${approval.title}\n\n${JSON.stringify(input, undefined, 2) ?? ''}`,
  );
}

function statusText(approval: Approval): string {
  switch (approval.status) {
    case 'pending':
      return l10n.t('needs your decision');
    case 'approved':
      return l10n.t('approved by {0}', sanitizeLine(approval.decided_by ?? '?'));
    case 'rejected':
      return l10n.t('rejected by {0}', sanitizeLine(approval.decided_by ?? '?'));
    case 'expired':
      return l10n.t('expired when its execution ended');
  }
}
