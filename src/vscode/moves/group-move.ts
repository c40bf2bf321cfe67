import { type Column, isColumn, moveTo, type Refusal } from '../../core/board/columns.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { InputOf } from '../../operations/all.ts';
import type { CommandId } from '../contributions.ts';
import { l10n } from '../present/l10n.ts';
import { groupWord } from '../present/words.ts';
import type { GroupKey } from '../tree/groups.ts';

/** The effect of dropping a task on a group or a column, with the name of the action. */
export type GroupMove =
  | { readonly kind: 'command'; readonly command: CommandId; readonly text: string }
  | { readonly kind: 'update'; readonly change: Omit<InputOf<'task.update'>, 'task'>; readonly text: string }
  | { readonly kind: 'refused'; readonly text: string };

const commands = {
  confirm: 'systemprompt.task.confirm',
  raiseLimit: 'systemprompt.task.raiseLimit',
  start: 'systemprompt.task.start',
  restart: 'systemprompt.task.restart',
  pause: 'systemprompt.task.pause',
  complete: 'systemprompt.task.complete',
  cancel: 'systemprompt.task.cancel',
} as const satisfies Record<string, CommandId>;

/** Actions that start agents, which a restricted window refuses. */
const running: ReadonlySet<keyof typeof commands> = new Set(['confirm', 'raiseLimit', 'start', 'restart']);

/** Decides the effect of moving a task from one group to another one. */
export function groupMove(task: TaskRecord, from: GroupKey, to: GroupKey, trusted: boolean): GroupMove {
  if (isColumn(to)) return statusMove(task, to, trusted);
  const name = to.slice(to.indexOf(':') + 1);
  switch (to.slice(0, to.indexOf(':'))) {
    case 'agent':
      return agentMove(task, name);
    case 'project':
      return { kind: 'update', change: { project: name === '' ? null : name }, text: fieldText(l10n.t('Project'), to) };
    case 'label': {
      const left = from.startsWith('label:') ? from.slice('label:'.length) : '';
      const removeLabel = left === '' ? task.labels : [left];
      if (name === '') return { kind: 'update', change: { removeLabel }, text: l10n.t('Remove Label') };
      const change = { addLabel: [name], ...(left === '' ? {} : { removeLabel }) };
      return { kind: 'update', change, text: fieldText(l10n.t('Label'), to) };
    }
    default:
      return { kind: 'refused', text: l10n.t('All tasks are in this group.') };
  }
}

function statusMove(task: TaskRecord, column: Column, trusted: boolean): GroupMove {
  const move = moveTo(task, column);
  if ('refused' in move) return { kind: 'refused', text: refusalText(move.refused, column) };
  if (!trusted && running.has(move.action)) {
    return { kind: 'refused', text: l10n.t('Restricted Mode: nothing runs.') };
  }
  return { kind: 'command', command: commands[move.action], text: actionText(move.action, task) };
}

function agentMove(task: TaskRecord, agent: string): GroupMove {
  if (task.kind === 'group') return { kind: 'refused', text: l10n.t('A group has no agent.') };
  if (task.status === 'in_progress' || task.lease !== undefined) {
    return { kind: 'refused', text: l10n.t('The agent works on the task. Pause it first.') };
  }
  return { kind: 'update', change: { tool: agent }, text: fieldText(l10n.t('Agent'), `agent:${agent}`) };
}

function fieldText(field: string, key: GroupKey): string {
  return l10n.t('{0}: {1}', field, groupWord(key));
}

function actionText(action: keyof typeof commands, task: TaskRecord): string {
  switch (action) {
    case 'confirm':
      return l10n.t('Review and Confirm…');
    case 'raiseLimit':
      return l10n.t('Raise Limit…');
    case 'start':
      return task.status === 'paused' ? l10n.t('Resume') : l10n.t('Start');
    case 'restart':
      return l10n.t('Restart');
    case 'pause':
      return l10n.t('Pause');
    case 'complete':
      return l10n.t('Complete');
    case 'cancel':
      return l10n.t('Cancel Task');
  }
}

function refusalText(reason: Refusal, column: Column): string {
  switch (reason) {
    case 'derived':
      return column === 'needs_you'
        ? l10n.t('Tasks that need you appear here automatically.')
        : l10n.t('Only a run of its agent leads here.');
    case 'queued':
      return column === 'pending'
        ? l10n.t('A queued task stays queued. Cancel it to take it out.')
        : l10n.t('It is queued and waits for a worker.');
    case 'running':
      return l10n.t('It is running.');
    case 'busy':
      return l10n.t('It is running. Pause or cancel it first.');
    case 'asking':
      return l10n.t('It waits for your decision.');
    case 'group':
      return l10n.t('A group has no run of its own. Move its parts.');
    case 'ended':
      return l10n.t('It has already ended.');
    case 'begun':
      return column === 'pending'
        ? l10n.t('It has begun. Restart it to run it again.')
        : l10n.t('Its session is open. Follow up or complete it first.');
    case 'not_running':
      return l10n.t('Only a running task can pause.');
  }
}
