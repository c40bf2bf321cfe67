import { createHash } from 'node:crypto';
import { orderOf } from '../../core/agent/order.ts';
import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import { nameOfRule, type PermissionRule } from '../../core/policy/rule.ts';
import type { Approval } from '../../core/task/approval.ts';
import type { TaskRecord } from '../../core/task/schema.ts';

/** Records do not change: a request is named once for each state of its task, however often it is drawn. */
const named = new WeakMap<TaskRecord, Map<string, string>>();

/**
 * Digest of a request as displayed: the request itself, and the started work for a gate, because a task can change
 * while it waits. Includes the displayed rule, if approving writes one.
 */
export function requestDigest(task: TaskRecord, approval: Approval, rule?: PermissionRule): string {
  const known = named.get(task) ?? new Map<string, string>();
  named.set(task, known);
  const digest = known.get(approval.id) ?? digestOf(contentOf(task, approval));
  known.set(approval.id, digest);
  return rule === undefined ? digest : digestOf([digest, nameOfRule(rule)]);
}

/** @throws TaskError `ChangedSinceShown` if a request differs from the displayed one */
export function requireShown(task: TaskRecord, approval: Approval, shown: string | undefined, now: string): void {
  if (shown === undefined || shown === now) return;
  const what = `Request ${approval.number} of #${task.number} has changed since it was shown.`;
  throw new TaskError('ChangedSinceShown', `${what} Nothing was approved.`, {
    next: [operationStep('Show the current request', 'task.show', { task: task.number })],
  });
}

function contentOf(task: TaskRecord, { id, kind, title, detail }: Approval): unknown {
  const started = kind === 'gate' ? [task.tool, orderOf(task), task.constraints.allowed_tools ?? null] : null;
  return [id, kind, title, detail ?? null, started];
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
