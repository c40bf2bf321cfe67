import { pendingApprovals } from '../../core/task/approval.ts';
import type { TaskRecord, TaskStatus } from '../../core/task/schema.ts';
import { priorities } from '../../core/task/values.ts';

type Compare = (a: TaskRecord, b: TaskRecord) => number;

const urgency = new Map<string, number>(priorities.map((name, index) => [name, index]));

/** The order within a group: running or next tasks first, then the latest ended ones. A total order. */
export function groupOrder(status: TaskStatus): Compare {
  switch (status) {
    case 'pending':
      return (a, b) => queued(a) - queued(b) || rank(a) - rank(b) || a.number - b.number;
    case 'in_progress':
      return (a, b) => earlier(a.started_at, b.started_at) || a.number - b.number;
    case 'paused':
      return (a, b) => asking(a) - asking(b) || a.number - b.number;
    case 'completed_active':
      return (a, b) => earlier(b.active_since ?? b.updated_at, a.active_since ?? a.updated_at) || b.number - a.number;
    default:
      return (a, b) => earlier(b.completed_at, a.completed_at) || b.number - a.number;
  }
}

function queued(task: TaskRecord): number {
  return task.queued_at === undefined ? 1 : 0;
}

function asking(task: TaskRecord): number {
  return pendingApprovals(task).length > 0 ? 0 : 1;
}

function rank(task: TaskRecord): number {
  return urgency.get(task.priority) ?? urgency.size;
}

function earlier(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  return (a ?? '') < (b ?? '') ? -1 : 1;
}
