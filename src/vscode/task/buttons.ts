import { pendingApprovals } from '../../core/task/approval.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { TaskAction, TaskModel } from '../../webviews/task/protocol.ts';
import type { CommandId } from '../contributions.ts';
import { l10n } from '../present/l10n.ts';
import { type RowFlag, rowFlags } from '../present/task-state.ts';

/** The command behind each button, and the action that a task must allow. Ordered by likelihood of use. */
const buttons: readonly { readonly action: TaskAction; readonly command: CommandId; readonly fit: RowFlag }[] = [
  { action: 'confirm', command: 'systemprompt.task.confirm', fit: 'confirmable' },
  { action: 'start', command: 'systemprompt.task.start', fit: 'startable' },
  { action: 'followUp', command: 'systemprompt.task.followUp', fit: 'followable' },
  { action: 'raiseLimit', command: 'systemprompt.task.raiseLimit', fit: 'limited' },
  { action: 'review', command: 'systemprompt.task.review', fit: 'reviewable' },
  { action: 'merge', command: 'systemprompt.task.merge', fit: 'mergeable' },
  { action: 'complete', command: 'systemprompt.task.complete', fit: 'completable' },
  { action: 'restart', command: 'systemprompt.task.restart', fit: 'restartable' },
  { action: 'cancel', command: 'systemprompt.task.cancel', fit: 'cancellable' },
  { action: 'discard', command: 'systemprompt.task.discard', fit: 'discardable' },
  { action: 'checkpoint', command: 'systemprompt.task.checkpoint', fit: 'keepable' },
  { action: 'restore', command: 'systemprompt.task.restore', fit: 'restorable' },
  { action: 'showLog', command: 'systemprompt.task.showLog', fit: 'task' },
  { action: 'openFile', command: 'systemprompt.task.openFile', fit: 'task' },
];

/** Actions that stay possible in a restricted window: they run nothing. */
const harmless: ReadonlySet<TaskAction> = new Set(['complete', 'cancel', 'showLog', 'openFile']);

/** The buttons of a task, the likeliest first and emphasized. */
export function buttonsOf(task: TaskRecord, trusted: boolean): TaskModel['buttons'] {
  const flags = new Set(rowFlags(task));
  const offered = buttons.filter(({ action, fit }) => flags.has(fit) && (trusted || harmless.has(action)));
  return offered.map(({ action }, index) => ({
    action,
    label: labelOf(action),
    primary: index === 0 && isNextStep(action, task),
  }));
}

/** Whether a button is the obvious next step. While requests are pending, deciding them is. */
function isNextStep(action: TaskAction, task: TaskRecord): boolean {
  if (pendingApprovals(task).length > 0) return false;
  if (action === 'restart') return task.status === 'failed';
  if (action === 'complete') return task.status === 'completed_active';
  return ['confirm', 'start', 'followUp', 'raiseLimit', 'review', 'merge'].includes(action);
}

/** The command of a button, if the task offers it now: a page is untrusted and may be outdated. */
export function commandOf(action: TaskAction, task: TaskRecord, trusted: boolean): CommandId | undefined {
  const offered = buttonsOf(task, trusted).some((button) => button.action === action);
  return offered ? buttons.find((button) => button.action === action)?.command : undefined;
}

function labelOf(action: TaskAction): string {
  switch (action) {
    case 'confirm':
      return l10n.t('Review and Confirm…');
    case 'start':
      return l10n.t('Start');
    case 'followUp':
      return l10n.t('Follow Up…');
    case 'raiseLimit':
      return l10n.t('Raise Limit…');
    case 'review':
      return l10n.t('Review Changes');
    case 'merge':
      return l10n.t('Merge…');
    case 'complete':
      return l10n.t('Complete');
    case 'restart':
      return l10n.t('Restart');
    case 'cancel':
      return l10n.t('Cancel Task');
    case 'discard':
      return l10n.t('Discard Changes…');
    case 'checkpoint':
      return l10n.t('Make Checkpoint');
    case 'restore':
      return l10n.t('Restore Checkpoint…');
    case 'showLog':
      return l10n.t('Show Log');
    case 'openFile':
      return l10n.t('Open Task File');
  }
}
