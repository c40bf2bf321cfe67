import type { z } from 'zod';
import { DEFAULT_TOOL, titleFrom } from './create.ts';
import { isTerminal } from './lifecycle.ts';
import { logEntrySchema, logLevels, logTypes, type TaskLogEntry } from './log-entry.ts';
import type { OriginalTask } from './original-schema.ts';
import {
  limits,
  type NewTaskRecord,
  SCHEMA_VERSION,
  type TaskStatus,
  type Transition,
  taskRecordSchema,
  taskStatuses,
} from './schema.ts';

/** Keys of an original that the record takes under the same name if they fit. */
const taken = [
  'id',
  'tool',
  'instructions',
  'created_at',
  'updated_at',
  'started_at',
  'assigned_to',
  'error',
  'result',
];

/**
 * A record and a log with all data of the original. Values without a matching field, and conflicting names, go to the
 * metadata as `original_fields`. Unknown keys are kept.
 */
export function fromOriginal(task: OriginalTask): { record: NewTaskRecord; logs: TaskLogEntry[] } {
  const { logs, ...fields } = task;
  const status = statusOf(task.status);
  const kept: Record<string, unknown> = {};
  const others: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (accounted.has(key)) continue;
    const ours = (taskRecordSchema.shape as Readonly<Record<string, z.ZodType>>)[key];
    const fits = ours === undefined || (taken.includes(key) && ours.safeParse(value).success && !badTime(key, value));
    (fits ? kept : others)[key] = value;
  }
  const updatedAt = isTime(task.updated_at) ? task.updated_at : (timesOf(task)[0] ?? NO_TIME);
  const startedAt = isTime(task.started_at) ? task.started_at : undefined;
  const endedAt = isTime(task.completed_at) ? task.completed_at : undefined;
  // The end of a turn in a session that is still open: here a task has the time of its end when it has ended.
  if (task.completed_at !== undefined && !(isTerminal(status) && endedAt !== undefined)) {
    others.completed_at = task.completed_at;
  }
  const title = titleFrom(task.description) || task.id;
  const record: NewTaskRecord = {
    ...kept,
    id: task.id,
    schema_version: SCHEMA_VERSION,
    kind: 'work',
    title,
    description: task.description.slice(0, limits.textChars),
    status,
    tool: typeof kept.tool === 'string' ? kept.tool : DEFAULT_TOOL,
    priority: 'medium',
    depends_on: [],
    labels: [],
    metadata: {
      imported_from: 'systemprompt server',
      ...(status === task.status ? {} : { original_status: task.status }),
      ...(Object.keys(others).length === 0 ? {} : { original_fields: others }),
    },
    constraints: {},
    acceptance_criteria: [],
    // The server's files have no signature, so their origin is unknown.
    from_outside: true,
    review: 'none',
    approvals: [],
    follow_ups: [],
    executions: executionsOf(task, status, startedAt, endedAt ?? updatedAt),
    history: historyOf(logs),
    created_at: isTime(task.created_at) ? task.created_at : updatedAt,
    updated_at: updatedAt,
    active_ms: startedAt === undefined ? 0 : Math.max(0, Date.parse(endedAt ?? updatedAt) - Date.parse(startedAt)),
    ...(isTerminal(status) ? { completed_at: endedAt ?? updatedAt } : {}),
    ...(status === 'paused' ? { pause_reason: 'person' as const } : {}),
    ...(status === 'failed' ? { error: task.error?.trim() ? task.error : 'It failed.', error_code: 'Internal' } : {}),
  };
  return { record, logs: logs.map(entryOf) };
}

/** Keys with their own field in the record. */
const accounted = new Set(['id', 'description', 'status', 'completed_at']);
const NO_TIME = new Date(0).toISOString();

function isTime(text: string | undefined): text is string {
  return text !== undefined && text.length <= 40 && !Number.isNaN(Date.parse(text));
}

function badTime(key: string, value: unknown): boolean {
  return key.endsWith('_at') && !(typeof value === 'string' && isTime(value));
}

function timesOf(task: OriginalTask): string[] {
  return [task.completed_at, task.started_at, task.created_at].filter(isTime);
}

/** `waiting` was the server's word for a turn that has ended in a session that is open. */
function statusOf(status: string): TaskStatus {
  if (status === 'waiting') return 'completed_active';
  return (taskStatuses as readonly string[]).includes(status) ? (status as TaskStatus) : 'pending';
}

/** Stores an unknown type or level in the metadata, and a whole line of an unknown form. */
function entryOf(entry: OriginalTask['logs'][number]): TaskLogEntry {
  const { type, level, ...rest } = entry;
  const knownType = (logTypes as readonly unknown[]).includes(type);
  const knownLevel = (logLevels as readonly unknown[]).includes(level);
  const metadata = typeof entry.metadata === 'object' && entry.metadata !== null ? entry.metadata : {};
  const kept = { ...metadata, ...(knownType || type === undefined ? {} : { original_type: type }) };
  const head = {
    level: (knownLevel ? level : type === 'error' ? 'error' : 'info') as TaskLogEntry['level'],
    type: (knownType ? type : 'system') as TaskLogEntry['type'],
  };
  const line = { ...rest, ...head, ...(Object.keys(kept).length > 0 ? { metadata: kept } : {}) };
  if (logEntrySchema.safeParse(line).success) return line as TaskLogEntry;
  const { timestamp, message } = entry;
  return { timestamp, ...head, message, metadata: { original: entry } };
}

/** One execution for a started task. Its runner no longer exists, so a running execution counts as interrupted. */
function executionsOf(
  task: OriginalTask,
  status: TaskStatus,
  startedAt: string | undefined,
  lastAt: string,
): NewTaskRecord['executions'] {
  if (startedAt === undefined) return [];
  const outcome = status === 'failed' || status === 'cancelled' ? status : 'completed';
  return [
    {
      id: `execution_${task.id}`.slice(0, 64),
      agent: task.tool,
      worker: 'systemprompt server',
      resumable: false,
      started_at: startedAt,
      ...(task.assigned_to === undefined ? {} : { session_id: task.assigned_to }),
      ...(status === 'in_progress' ? {} : { ended_at: lastAt, outcome }),
    },
  ];
}

function historyOf(logs: OriginalTask['logs']): Transition[] {
  const steps: Transition[] = [];
  for (const { timestamp, metadata } of logs) {
    const { previousStatus, newStatus } = (metadata ?? {}) as { previousStatus?: unknown; newStatus?: unknown };
    if (typeof previousStatus !== 'string' || typeof newStatus !== 'string' || !isTime(timestamp)) continue;
    steps.push({ from: statusOf(previousStatus), to: statusOf(newStatus), at: timestamp, reason: 'imported' });
  }
  return steps.slice(-limits.history);
}
