import { deepFreeze } from '../core/deep-freeze.ts';
import type { Emitter } from '../core/emitter.ts';
import type { Approval } from '../core/task/approval.ts';
import type { TaskEvents, TaskView } from '../core/task/events.ts';
import { lastTransition } from '../core/task/last-transition.ts';
import { activeDuration } from '../core/task/lifecycle.ts';
import type { TaskRecord } from '../core/task/schema.ts';
import type { StateChange } from './journal/state.ts';

/** A record with `duration`, milliseconds of work up to now. */
export function viewOf(task: TaskRecord, now = Date.now()): TaskView {
  return { ...task, duration: activeDuration(task, now) };
}

/** The same for listeners, who share it: frozen, so that no listener can change it for the store or the others. */
export function frozenView(task: TaskRecord): TaskView {
  return Object.freeze(viewOf(deepFreeze(task)));
}

/** Emits the events of a change. */
export function emitChange(emitter: Emitter<TaskEvents>, change: StateChange): void {
  if (emitter.isSilent) return;
  if (change.kind === 'deleted') {
    const gone = { taskId: change.before.id, task: frozenView(change.before) };
    emitter.emit('task:deleted', change.archived === true ? { ...gone, archived: true } : gone);
    return;
  }
  const task = frozenView(change.task);
  if (change.kind === 'created') {
    emitter.emit('task:created', { task });
    return;
  }
  const { before, keys } = change;
  const updates = Object.freeze(
    Object.fromEntries(keys.map((key) => [key, (change.task as Record<string, unknown>)[key]])),
  );
  emitter.emit('task:updated', { taskId: task.id, updates, task });
  if (before.status !== task.status) {
    const reason = lastTransition(task)?.reason ?? '';
    const changed = { taskId: task.id, old_status: before.status, new_status: task.status, reason, task };
    emitter.emit('task:status_changed', changed);
    emitter.emit(`task.${task.id}.status_changed`, changed);
    if (task.status === 'completed') emitter.emit('task:completed', { task });
  }
  if (task.progress !== undefined && task.progress !== before.progress) {
    const { id: taskId, progress } = task;
    emitter.emit('task:progress', { taskId, progress });
    emitter.emit(`task.${taskId}.progress`, { taskId, progress });
  }
  if (task.quiet_since !== undefined && before.quiet_since === undefined) {
    emitter.emit('task:quiet', { taskId: task.id, since: task.quiet_since, task });
  }
  if (keys.includes('approvals')) emitApprovals(emitter, before.approvals, task);
  if (keys.includes('budget_marks')) emitMarks(emitter, before.budget_marks ?? {}, task);
}

function emitMarks(emitter: Emitter<TaskEvents>, before: Readonly<Record<string, number>>, task: TaskView): void {
  for (const [limit, percent] of Object.entries(task.budget_marks ?? {})) {
    if (percent > (before[limit] ?? 0)) emitter.emit('budget:reached', { taskId: task.id, limit, percent, task });
  }
}

function emitApprovals(emitter: Emitter<TaskEvents>, before: readonly Approval[], task: TaskView): void {
  const known = new Map(before.map((approval) => [approval.id, approval.status]));
  for (const approval of task.approvals) {
    const old = known.get(approval.id);
    if (old === approval.status) continue;
    if (approval.status === 'pending') emitter.emit('approval:requested', { taskId: task.id, approval, task });
    else if (old === 'pending') emitter.emit('approval:decided', { taskId: task.id, approval, task });
  }
}
