import type { Need } from '../task/needs.ts';
import { type Offer, offers } from '../task/offers.ts';
import type { TaskRecord } from '../task/schema.ts';
import { isWanted } from '../task/standing.ts';

/** The columns of the board by status: the groups of the Tasks view, with queued tasks apart from other pending ones. */
export const columns = [
  'needs_you',
  'pending',
  'queued',
  'in_progress',
  'paused',
  'completed_active',
  'completed',
  'failed',
  'cancelled',
] as const;
export type Column = (typeof columns)[number];

export function isColumn(key: string): key is Column {
  return columns.some((column) => column === key);
}

/** The column of a task. `need` is the reason why it needs a person; `playing` says whether the queue plays. */
export function columnOf(task: TaskRecord, need: Need | undefined, playing: boolean): Column {
  if (need !== undefined) return 'needs_you';
  const queues = task.status === 'pending' || task.status === 'paused';
  return queues && isWanted(task, playing) ? 'queued' : task.status;
}

export type MoveAction = Exclude<Offer, 'archive'>;

/** Why a task cannot move to a column. */
export type Refusal =
  /** Tasks appear in the column automatically: in Needs You, and where only a run leads. */
  | 'derived'
  /** It already waits for a worker. */
  | 'queued'
  | 'running'
  /** It runs, so it must pause or end first. */
  | 'busy'
  /** It waits for the decision of a person. */
  | 'asking'
  | 'group'
  | 'ended'
  /** It has not ended, or it has begun. */
  | 'begun'
  | 'not_running';

/** The effect of moving a task to a column: an action, or the reason why there is none. */
export type Move = { readonly action: MoveAction } | { readonly refused: Refusal };

/** Decides the effect of moving a task to a column. Pure; the operation checks the action again. */
export function moveTo(task: TaskRecord, column: Column): Move {
  switch (column) {
    case 'needs_you':
    case 'completed_active':
    case 'failed':
      return { refused: 'derived' };
    case 'pending':
      return { refused: task.status === 'pending' ? 'queued' : 'begun' };
    case 'queued':
    case 'in_progress':
      return first(task, ['confirm', 'raiseLimit', 'start', 'restart']) ?? { refused: whyNotStarted(task) };
    case 'paused':
      return first(task, ['pause']) ?? { refused: task.kind === 'group' ? 'group' : 'not_running' };
    case 'completed':
      return first(task, ['complete']) ?? { refused: whyNotEnded(task) };
    case 'cancelled':
      return first(task, ['cancel']) ?? { refused: 'ended' };
  }
}

function first(task: TaskRecord, actions: readonly MoveAction[]): Move | undefined {
  const action = actions.find((each) => offers[each](task));
  return action === undefined ? undefined : { action };
}

function whyNotStarted(task: TaskRecord): Refusal {
  if (task.kind === 'group') return 'group';
  if (task.status === 'in_progress') return 'running';
  if (task.status === 'completed_active') return 'begun';
  return task.queued_at === undefined ? 'asking' : 'queued';
}

function whyNotEnded(task: TaskRecord): Refusal {
  if (task.kind === 'group') return 'group';
  return task.status === 'in_progress' ? 'busy' : 'ended';
}
