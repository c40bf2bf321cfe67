import { pendingApprovals } from './approval.ts';
import { awaitsConfirmation } from './confirmation.ts';
import { canTransition, isTerminal } from './lifecycle.ts';
import type { TaskRecord } from './schema.ts';

/** Actions of a person that depend on the status of a task, as lists, rows and the board offer them. */
export const offers = {
  /** Queues a pending task, or resumes a paused one. */
  start: (task) => {
    if (task.kind === 'group' || task.queued_at !== undefined || awaitsConfirmation(task)) return false;
    return task.status === 'pending' || (task.status === 'paused' && pendingApprovals(task).length === 0);
  },
  confirm: awaitsConfirmation,
  /** Raises the limit that paused the task. */
  raiseLimit: ({ status, pause_reason }) => status === 'paused' && pause_reason === 'budget',
  pause: ({ status }) => status === 'in_progress',
  complete: ({ kind, status }) => kind === 'work' && canTransition(status, 'completed') && status !== 'in_progress',
  cancel: ({ status }) => canTransition(status, 'cancelled'),
  restart: ({ kind, status }) => kind === 'work' && canTransition(status, 'pending') && status !== 'paused',
  archive: ({ status, lease }) => isTerminal(status) && lease === undefined,
} as const satisfies Readonly<Record<string, (task: TaskRecord) => boolean>>;

export type Offer = keyof typeof offers;
