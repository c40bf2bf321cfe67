import { gateIsOpen, pendingApprovals } from '../../core/task/approval.ts';
import { lostDependencies, openDependencies } from '../../core/task/dependencies.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { waitingResult } from '../../core/task/workspace.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { Waiting } from '../../operations/queue/waiting.ts';
import { waitingWords } from './waiting.ts';

type Find = (id: string) => TaskRecord | undefined;

/** What a person should know about where a task stands, beyond its status; short, most pressing first. */
export function remarksOf(task: TaskRecord & { readonly waiting?: Waiting | undefined }, find: Find): string[] {
  const remarks: string[] = [];
  const asks = pendingApprovals(task);
  const [first] = asks;
  if (first !== undefined)
    remarks.push(`asks: ${sanitizeLine(first.title)}${asks.length > 1 ? ` (+${asks.length - 1})` : ''}`);
  else if (task.status === 'pending' && !gateIsOpen(task)) remarks.push('needs approval to start');
  if (task.status === 'failed' && task.error !== undefined) remarks.push(sanitizeLine(task.error));
  if (task.status === 'paused' && first === undefined) remarks.push(...pauseWords(task));
  if (task.status === 'paused' && task.queued_at !== undefined && first === undefined) {
    if (task.waiting !== undefined) remarks.push(`waits ${waitingWords(task.waiting, task.number)}`);
    else remarks.push(task.not_before === undefined ? 'queued' : 'resumes automatically in a moment');
  }
  if (task.status === 'pending') {
    const lost = lostDependencies(task, find).map(({ id, task: other }) =>
      other === undefined ? `${id} (deleted)` : `#${other.number} (${other.status})`,
    );
    const open = openDependencies(task, find).map(({ id, task: other }) =>
      other === undefined ? id : `#${other.number}`,
    );
    if (lost.length > 0) remarks.push(`blocked by ${list(lost)}`);
    else if (open.length > 0) remarks.push(`waits for ${list(open)}`);
    else if (task.waiting !== undefined && first === undefined)
      remarks.push(`waits ${waitingWords(task.waiting, task.number)}`);
    else if (task.queued_at !== undefined) {
      remarks.push(task.not_before === undefined ? 'queued' : 'resumes automatically in a moment');
    }
  }
  if (waitingResult(task) !== undefined) remarks.push(`changes to review: task diff ${task.number}`);
  if (task.status === 'in_progress' && task.progress !== undefined) remarks.push(`${Math.round(task.progress)} %`);
  return remarks;
}

/** Why a task that asks nothing is paused; nothing if there is no more to report. */
function pauseWords({ pause_reason: reason }: TaskRecord): string[] {
  switch (reason) {
    case 'person':
      return ['by a person'];
    case 'budget':
      return ['stopped at a limit'];
    case 'interrupted':
      return ['interrupted'];
    case 'approval':
      return ['waits for approval'];
    case 'feedback':
      return ['has a question'];
    case undefined:
      return [];
  }
}

function list(items: readonly string[]): string {
  const shown = items.slice(0, 3).join(', ');
  return items.length > 3 ? `${shown} and ${items.length - 3} more` : shown;
}
