import { pendingApprovals } from '../../core/task/approval.ts';
import { awaitsPick } from '../../core/task/race.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { TaskAction, TaskModel } from '../../webviews/task/protocol.ts';
import type { CommandId } from '../contributions.ts';
import { l10n } from '../present/l10n.ts';
import { type RowFlag, rowFlags } from '../present/task-state.ts';

/** The command behind each button, and the flag of the tasks that it fits. Ordered by likelihood of use. */
const buttons: readonly { readonly action: TaskAction; readonly command: CommandId; readonly flag: RowFlag }[] = [
  { action: 'confirm', command: 'systemprompt.task.confirm', flag: 'confirmable' },
  { action: 'start', command: 'systemprompt.task.start', flag: 'startable' },
  { action: 'pause', command: 'systemprompt.task.pause', flag: 'pausable' },
  { action: 'followUp', command: 'systemprompt.task.followUp', flag: 'inlineFollowUp' },
  { action: 'pickResult', command: 'systemprompt.task.pickResult', flag: 'comparable' },
  { action: 'raiseLimit', command: 'systemprompt.task.raiseLimit', flag: 'limited' },
  { action: 'review', command: 'systemprompt.task.review', flag: 'reviewable' },
  { action: 'merge', command: 'systemprompt.task.merge', flag: 'mergeable' },
  { action: 'requestChanges', command: 'systemprompt.task.requestChanges', flag: 'returnable' },
  { action: 'restart', command: 'systemprompt.task.restart', flag: 'restartable' },
  { action: 'complete', command: 'systemprompt.task.complete', flag: 'completable' },
  { action: 'cancel', command: 'systemprompt.task.cancel', flag: 'cancellable' },
  { action: 'discard', command: 'systemprompt.task.discard', flag: 'discardable' },
  { action: 'checkpoint', command: 'systemprompt.task.checkpoint', flag: 'keepable' },
  { action: 'restore', command: 'systemprompt.task.restore', flag: 'restorable' },
  { action: 'showLog', command: 'systemprompt.task.showLog', flag: 'task' },
  { action: 'openFile', command: 'systemprompt.task.openFile', flag: 'task' },
];

/** Actions that remain available in a restricted window, because they run nothing. */
const harmless: ReadonlySet<TaskAction> = new Set(['pause', 'complete', 'cancel', 'showLog', 'openFile']);

/** The buttons of a task, the likeliest first and emphasized. */
export function buttonsOf(task: TaskRecord, trusted: boolean): TaskModel['buttons'] {
  const flags = new Set(rowFlags(task));
  const offered = buttons.filter(({ action, flag }) => flags.has(flag) && (trusted || harmless.has(action)));
  return offered.map(({ action }, index) => ({
    action,
    label: labelOf(action, task),
    primary: index === 0 && isNextStep(action, task),
  }));
}

/** Whether a button is the obvious next step. While requests are pending, deciding them is. */
function isNextStep(action: TaskAction, task: TaskRecord): boolean {
  if (pendingApprovals(task).length > 0) return false;
  if (action === 'pickResult') return awaitsPick(task);
  if (action === 'restart') return task.status === 'failed';
  if (action === 'complete') return task.status === 'completed_active';
  return ['confirm', 'start', 'followUp', 'raiseLimit', 'review', 'merge'].includes(action);
}

/** The command of a button, if the task offers it now: a page is untrusted and may be outdated. */
export function offeredCommand(action: string, task: TaskRecord, trusted: boolean): CommandId | undefined {
  const isOffered = buttonsOf(task, trusted).some((button) => button.action === action);
  return isOffered ? buttons.find((button) => button.action === action)?.command : undefined;
}

function labelOf(action: TaskAction, task: TaskRecord): string {
  switch (action) {
    case 'confirm':
      return l10n.t('Review and Confirm…');
    case 'start':
      return task.status === 'paused' ? l10n.t('Resume') : l10n.t('Start');
    case 'pause':
      return l10n.t('Pause');
    case 'followUp':
      return l10n.t('Follow Up…');
    case 'pickResult':
      return rowFlags(task).includes('inlinePick') ? l10n.t('Compare and Pick…') : l10n.t('Compare Results');
    case 'raiseLimit':
      return l10n.t('Raise Limit…');
    case 'review':
      return l10n.t('Review Changes');
    case 'merge':
      return l10n.t('Merge…');
    case 'requestChanges':
      return l10n.t('Request Changes…');
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
