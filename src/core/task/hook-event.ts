import { pendingApprovals } from './approval.ts';
import { isTerminal } from './lifecycle.ts';
import { awaitsPick } from './race.ts';
import type { TaskRecord } from './schema.ts';

/** Events that run hooks. */
export const hookEvents = ['completed', 'failed', 'needs_you'] as const;
export type HookEventName = (typeof hookEvents)[number];

/** The JSON on the standard input of a hook. */
export interface HookEvent {
  readonly event: HookEventName;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** Absolute path. */
  readonly folder: string;
  /** One sentence. */
  readonly reason: string;
  readonly task: {
    readonly id: string;
    readonly number: number;
    readonly title: string;
    readonly status: string;
    readonly agent: string;
    readonly project: string | null;
    readonly labels: readonly string[];
    readonly error: string | null;
    readonly error_code: string | null;
  };
}

/** The event of a change of a task, with its reason. Undefined for a change that concerns no person. */
export function hookEventOf(
  before: TaskRecord | undefined,
  task: TaskRecord,
): Pick<HookEvent, 'event' | 'reason'> | undefined {
  const asked = new Set(before === undefined ? [] : pendingApprovals(before).map(({ id }) => id));
  const request = pendingApprovals(task).find(({ id }) => !asked.has(id));
  if (request !== undefined) return { event: 'needs_you', reason: request.title };
  if (before?.status === task.status && before.pause_reason === task.pause_reason) return undefined;
  if (task.status === 'completed') return { event: 'completed', reason: 'The task is completed.' };
  if (task.status === 'failed') return { event: 'failed', reason: task.error ?? 'The task failed.' };
  if (awaitsPick(task)) return { event: 'needs_you', reason: 'The results of the race can be compared.' };
  if (task.status === 'completed_active' && !wasOpen(before)) {
    return { event: 'needs_you', reason: 'The agent has ended its turn, and its session is open.' };
  }
  const held = task.status === 'paused' && task.pause_reason === 'budget';
  return held ? { event: 'needs_you', reason: task.error ?? 'A limit was reached.' } : undefined;
}

function wasOpen(before: TaskRecord | undefined): boolean {
  return before !== undefined && (before.status === 'completed_active' || isTerminal(before.status));
}

/** The text for the standard input of a hook. */
export function hookInput(
  { event, reason }: Pick<HookEvent, 'event' | 'reason'>,
  task: TaskRecord,
  { at, folder }: Pick<HookEvent, 'at' | 'folder'>,
): string {
  const value: HookEvent = {
    event,
    at,
    folder,
    reason,
    task: {
      id: task.id,
      number: task.number,
      title: task.title,
      status: task.status,
      agent: task.tool,
      project: task.project ?? null,
      labels: task.labels,
      error: task.error ?? null,
      error_code: task.error_code ?? null,
    },
  };
  return `${JSON.stringify(value)}\n`;
}
