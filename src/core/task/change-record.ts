import type { TaskPatch } from './lifecycle.ts';
import type { LogDraft } from './log-entry.ts';
import { limits, type TaskRecord, type Transition, type WorkflowStep } from './schema.ts';

/**
 * A change of a field that controls permissions, spend or dependencies of a task; a missing value was or is not set.
 */
export interface FieldChange {
  readonly field: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

interface Recorded {
  readonly patch: TaskPatch;
  readonly logs: readonly LogDraft[];
}

/** The person who changes a task, and notes for the record, such as a forced change. */
interface ChangeOrigin {
  readonly by: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly note?: string | undefined;
}

/** Fields of a task whose changes are recorded, with their names for people. Its constraints are recorded as well. */
const names: Readonly<Record<string, string>> = {
  gate: 'approval before the start',
  approver: 'approver',
  review: 'review of the result',
  collaboration_mode: 'collaboration mode',
  tool: 'agent',
  assignee: 'model',
  steps: 'phases',
  checks: 'checks',
  isolation: 'isolation',
  confirmation: 'confirmation',
  on_complete: 'handling of the result',
  max_tokens: 'token limit',
  max_cost_usd: 'cost limit in US dollars',
  max_duration_minutes: 'limit in minutes',
  max_iterations: 'limit of agent turns',
  allowed_tools: 'allowed tools',
  uncounted_agents: 'agents that may run without a counted cost',
};
const plain = [
  'review',
  'collaboration_mode',
  'tool',
  'assignee',
  'isolation',
  'on_complete',
  'uncounted_agents',
] as const;

/** Characters of a value in the history of a task; the log has the whole value. */
const SHOWN = 300;

/** The changes of approver, gate, confirmation, review, limits, tools, agents, models and isolation between two states of a task. */
export function protectedChanges(before: TaskRecord, after: TaskRecord): FieldChange[] {
  const [old, now] = [valuesOf(before), valuesOf(after)];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((field) => {
    const [from, to] = [old[field], now[field]];
    if (JSON.stringify(from) === JSON.stringify(to)) return [];
    return [{ field, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }];
  });
}

/**
 * A patch with its record: new transitions name the person, each changed field adds one entry to the history, and both
 * add log lines.
 */
export function recordChange(task: TaskRecord, patch: TaskPatch, { by, at, note }: ChangeOrigin): Recorded {
  const known = new Set(task.history);
  const actor = by.slice(0, limits.actorChars);
  const history = (patch.history ?? task.history).map((step) => (known.has(step) ? step : { ...step, by: actor }));
  const logs = history.filter((step) => !known.has(step)).map((step) => transitionLine(step, actor));
  const changes = protectedChanges(task, { ...task, ...patch } as TaskRecord);
  if (changes.length > 0) {
    const reason = `${changes.map(changeText).join('; ')}${note === undefined ? '' : ` (${note})`}`;
    const status = patch.status ?? task.status;
    history.push({
      from: status,
      to: status,
      at,
      reason: cut(reason, 2_000),
      by: actor,
      changes: changes.map(({ field, ...values }) => ({
        field,
        ...Object.fromEntries(Object.entries(values).map(([key, value]) => [key, cut(textOf(value), SHOWN)])),
      })),
    });
    const message = `${reason.charAt(0).toUpperCase()}${reason.slice(1)}. Changed by ${actor}.`;
    logs.push({ message, metadata: { source: 'record', by: actor, changes } });
  }
  return logs.length === 0 ? { patch, logs } : { patch: { ...patch, history: history.slice(-limits.history) }, logs };
}

function valuesOf(task: TaskRecord): Record<string, unknown> {
  return {
    gate: task.approval?.required === true ? 'required' : undefined,
    approver: task.approval?.approver,
    confirmation: task.from_outside === true ? 'missing' : 'given',
    steps: task.workflow?.map(stepName),
    checks: task.checks,
    ...Object.fromEntries(plain.map((key) => [key, task[key]])),
    ...task.constraints,
  };
}

function stepName({ phase, agent, model, gate, checks = [], constraints = {} }: WorkflowStep): string {
  const { allowed_tools: tools, approvals } = constraints;
  const facts = [
    agent,
    model,
    gate === true ? 'with approval' : undefined,
    tools === undefined ? undefined : `allowed tools: ${textOf(tools)}`,
    approvals === undefined ? undefined : `approvals: ${approvals}`,
    ...checks.map((check) => `check ${check}`),
  ];
  return `${phase} (${facts.filter((fact) => fact !== undefined).join(', ')})`;
}

function transitionLine({ from, to, reason }: Transition, by: string): LogDraft {
  // Faces that follow a task show its status themselves, so this line is for the record only.
  return {
    level: 'debug',
    message: `Status: ${from} → ${to}, by ${by}: ${reason}`,
    metadata: { source: 'record', by, from, to },
  };
}

function changeText({ field, from, to }: FieldChange): string {
  return `${names[field] ?? field}: ${textOf(from)} → ${textOf(to)}`;
}

function textOf(value: unknown): string {
  if (value === undefined) return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'no tools' : value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
