import { z } from 'zod';
import { taskIdSchema } from './id.ts';
import { logLevels, logTypes, type TaskLogEntry } from './log-entry.ts';
import {
  limits,
  type NewTaskRecord,
  SCHEMA_VERSION,
  type TaskStatus,
  type Transition,
  taskStatuses,
} from './schema.ts';

/** A task as the original systemprompt server wrote it: its log inside, no number, no revision. */
export const originalTaskSchema = z.looseObject({
  id: taskIdSchema,
  description: z.string(),
  status: z.string(),
  tool: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  logs: z.array(z.looseObject({ timestamp: z.string(), message: z.string() })),
  started_at: z.string().optional(),
  completed_at: z.string().optional(),
  assigned_to: z.string().optional(),
  error: z.string().optional(),
  result: z.unknown().optional(),
});

export type OriginalTask = z.infer<typeof originalTaskSchema>;

/** A record and a log that say all that the original said. Keys that the product does not know are kept. */
export function fromOriginal(task: OriginalTask): { record: NewTaskRecord; logs: TaskLogEntry[] } {
  const { logs, instructions, ...rest } = task;
  const status = statusOf(task.status);
  const title = (task.description.trim().split(/\r?\n/, 1)[0] ?? '').slice(0, limits.titleChars) || task.id;
  const record: NewTaskRecord = {
    ...rest,
    ...(typeof instructions === 'string' ? { instructions } : {}),
    schema_version: SCHEMA_VERSION,
    kind: 'work',
    title,
    description: task.description.slice(0, limits.textChars),
    status,
    priority: 'medium',
    depends_on: [],
    labels: [],
    metadata: {
      imported_from: 'systemprompt server',
      ...(status === task.status ? {} : { original_status: task.status }),
    },
    constraints: {},
    acceptance_criteria: [],
    review: 'none',
    approvals: [],
    follow_ups: [],
    executions: executionsOf(task, status),
    history: historyOf(logs),
    active_ms: activeMs(task),
    ...(status === 'failed' ? { error: task.error ?? 'It failed.', error_code: 'Internal' } : {}),
  };
  return { record, logs: logs.map(entryOf) };
}

/** `waiting` was the server's word for a turn that has ended in a session that is open. */
function statusOf(status: string): TaskStatus {
  if (status === 'waiting') return 'completed_active';
  return (taskStatuses as readonly string[]).includes(status) ? (status as TaskStatus) : 'pending';
}

/** A type or level that the product does not have stays in the metadata. */
function entryOf(entry: OriginalTask['logs'][number]): TaskLogEntry {
  const { type, level, ...rest } = entry;
  const knownType = (logTypes as readonly unknown[]).includes(type);
  const knownLevel = (logLevels as readonly unknown[]).includes(level);
  const metadata = typeof entry.metadata === 'object' && entry.metadata !== null ? entry.metadata : {};
  const kept = { ...metadata, ...(knownType || type === undefined ? {} : { original_type: type }) };
  return {
    ...rest,
    level: (knownLevel ? level : type === 'error' ? 'error' : 'info') as TaskLogEntry['level'],
    type: (knownType ? type : 'system') as TaskLogEntry['type'],
    ...(Object.keys(kept).length > 0 ? { metadata: kept } : {}),
  } as TaskLogEntry;
}

/** One execution for a task that was started: whoever ran it is gone, so one that still ran is found to be interrupted. */
function executionsOf(task: OriginalTask, status: TaskStatus): NewTaskRecord['executions'] {
  if (task.started_at === undefined) return [];
  const ended = task.completed_at ?? (status === 'in_progress' ? undefined : task.updated_at);
  const outcome = status === 'failed' || status === 'cancelled' ? status : 'completed';
  return [
    {
      id: `execution_${task.id}`.slice(0, 64),
      agent: task.tool,
      worker: 'systemprompt server',
      resumable: false,
      started_at: task.started_at,
      ...(task.assigned_to === undefined ? {} : { session_id: task.assigned_to }),
      ...(ended === undefined ? {} : { ended_at: ended, outcome }),
    },
  ];
}

function historyOf(logs: OriginalTask['logs']): Transition[] {
  const steps: Transition[] = [];
  for (const { timestamp, metadata } of logs) {
    const { previousStatus, newStatus } = (metadata ?? {}) as { previousStatus?: unknown; newStatus?: unknown };
    if (typeof previousStatus !== 'string' || typeof newStatus !== 'string') continue;
    steps.push({ from: statusOf(previousStatus), to: statusOf(newStatus), at: timestamp, reason: 'imported' });
  }
  return steps.slice(-limits.history);
}

function activeMs(task: OriginalTask): number {
  if (task.started_at === undefined) return 0;
  const ms = Date.parse(task.completed_at ?? task.updated_at) - Date.parse(task.started_at);
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}
