import { z } from 'zod';
import { nextStepsSchema } from '../next-step-schema.ts';
import { approvalSchema, gateSchema } from './approval-schema.ts';
import { approvalsModeSchema } from './approvals-mode.ts';
import { checkpointMinutesSchema, checkpointSchema, restoredSchema } from './checkpoint-schema.ts';
import { collaborationModeSchema } from './collaboration-mode.ts';
import { checkResultSchema, handoffNoteSchema } from './handoff-schema.ts';
import { taskIdSchema } from './id.ts';
import type { Known } from './known.ts';
import type { TaskLogEntry } from './log-entry.ts';
import { formerPauseReasons, limits, pauseReasons, priorities, taskStatuses } from './values.ts';
import { isolationSchema, onCompleteSchema, workspaceSchema } from './workspace.ts';

export const SCHEMA_VERSION = 1;

export { limits, pauseReasons, priorities, taskStatuses };

export const taskStatusSchema = z.enum(taskStatuses);
export const prioritySchema = z.enum(priorities);
export const pauseReasonSchema = z.enum(pauseReasons);

/** An agent's name: a known one (CLAUDECODE, SHELL, …) or a configured one. */
export const aiToolSchema = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/, 'an agent name has letters, digits, _ . -');

const timestamp = z.string().max(40);
const text = z.string().max(limits.textChars);

export const constraintsSchema = z.looseObject({
  max_tokens: z.number().int().positive().optional(),
  max_cost_usd: z.number().positive().optional(),
  max_duration_minutes: z.number().positive().optional(),
  max_iterations: z.number().int().positive().optional(),
  allowed_tools: z.array(z.string().max(500)).max(100).optional(),
  /** The decider of the agent's requests. Default: as the agent is configured. */
  approvals: approvalsModeSchema.optional(),
});

/** One phase of a workflow. */
export const workflowStepSchema = z.looseObject({
  agent: aiToolSchema,
  /** A word for the phase: design, implementation, review. */
  phase: z.string().min(1).max(100),
  description: text.optional(),
  /** For the agent of this step; the script if that is the shell. */
  instructions: text.optional(),
  model: z.string().max(200).optional(),
  /** True for a review, which can send the work back to an earlier step. Default: true for a later step named `review`. */
  review: z.boolean().optional(),
  /** The number of times that the review sends the work back before it asks a person. Default: 3. */
  returns: z.number().int().min(0).max(20).optional(),
  /** Commands that must succeed in the worktree after the step. */
  checks: z.array(z.string().min(1).max(limits.checkChars)).max(limits.checks).optional(),
  /** True if a person must approve the start of the step. */
  gate: z.boolean().optional(),
  /** Allowed tools, approvals and limits of this step. The limits of the task count the spend of all steps. */
  constraints: constraintsSchema.optional(),
});

/** Spend as reported by the agent; a missing number is unknown, not zero. */
export const usageSchema = z.looseObject({
  input_tokens: z.number().nonnegative().optional(),
  output_tokens: z.number().nonnegative().optional(),
  total_tokens: z.number().nonnegative().optional(),
  cost_usd: z.number().nonnegative().optional(),
  /** True if tokens and cost are lower bounds: a turn ended without its final count, or an agent reports only its last call. */
  estimated: z.boolean().optional(),
  /** True if the cost contains an estimate from configured prices. */
  cost_estimated: z.boolean().optional(),
  /** Turns of the agent. */
  iterations: z.number().int().nonnegative().optional(),
  /** Use of the model's context, which is not spend. */
  context_tokens: z.number().nonnegative().optional(),
  context_size: z.number().nonnegative().optional(),
});

/** One attempt at a task. */
export const executionSchema = z.looseObject({
  id: z.string(),
  agent: z.string(),
  worker: z.string(),
  session_id: z.string().optional(),
  /** True for a session that can be resumed; false for a script, which can only run again. */
  resumable: z.boolean().optional(),
  /** The decider of the agent's requests. */
  approvals: approvalsModeSchema.optional(),
  started_at: timestamp,
  ended_at: timestamp.optional(),
  outcome: z.enum(['completed', 'failed', 'cancelled', 'interrupted']).optional(),
  stop_reason: z.string().optional(),
  exit_code: z.number().int().optional(),
  signal: z.string().optional(),
  error: z.string().optional(),
  error_code: z.string().optional(),
  usage: usageSchema.optional(),
  /** Index of the workflow's step. */
  step: z.number().int().nonnegative().optional(),
  /** Milliseconds of measured work of the task before a step of a workflow began. */
  active_before: z.number().nonnegative().optional(),
  /** The end of the agent's last message, for the next step. */
  handoff: z.string().optional(),
  /** The structured note in that message. */
  note: handoffNoteSchema.optional(),
  /** The reasons for which this review sent the work back. */
  sent_back: z.array(z.string()).optional(),
  /** The latest outcome of each check. */
  checks: z.array(checkResultSchema).optional(),
});

/** A worker's exclusive right to run the task. The worker renews it while it runs. */
export const leaseSchema = z.looseObject({
  worker: z.string(),
  /** Name of the machine, for people. */
  host: z.string(),
  /** Digest of the machine's id, its boot id and the PID namespace, which together scope the pid. Linux only. */
  machine: z.string().optional(),
  boot: z.string().optional(),
  pid_namespace: z.string().optional(),
  pid: z.number().int(),
  /** When the process started, as the system reports it: a reused pid is not the same owner. */
  started: z.string(),
  expires_at: timestamp,
  /** Counts the renewals within a revision of the task. */
  renewal: z.number().int().nonnegative().optional(),
});

/** A change of status; with `changes`, a change of fields within the same status. */
export const transitionSchema = z.looseObject({
  from: taskStatusSchema,
  to: taskStatusSchema,
  at: timestamp,
  reason: z.string().max(2_000),
  /** The person, worker or program that made the change; missing in records of version 0.1. */
  by: z.string().max(limits.actorChars).optional(),
  /** Changed fields, with long values shortened. */
  changes: z
    .array(z.looseObject({ field: z.string(), from: z.string().optional(), to: z.string().optional() }))
    .optional(),
});

/** Another prompt for a task whose session is open; `taken_at` once the worker has sent it. */
export const followUpSchema = z.looseObject({
  id: z.string(),
  prompt: text,
  at: timestamp,
  taken_at: timestamp.optional(),
});

/** The decision of a race: ids of the picked entrant, and of the tasks that judge the results. */
export const raceSchema = z.looseObject({
  picked: z.string().max(100).optional(),
  judge: z.string().max(100).optional(),
  earlier_judges: z.array(z.string().max(100)).max(1_000).optional(),
});

/** A stored task without its log. Unknown keys of other versions are kept. */
export const taskRecordSchema = z.looseObject({
  schema_version: z.number().int(),
  id: taskIdSchema,
  number: z.number().int().positive(),
  revision: z.number().int().positive(),
  kind: z.enum(['work', 'group']),
  /** In units of UTF-16, of which a character has up to two. */
  title: z
    .string()
    .min(1)
    .max(2 * limits.titleChars),
  description: text,
  instructions: text.optional(),
  status: taskStatusSchema,
  pause_reason: z.enum([...pauseReasons, ...formerPauseReasons]).optional(),
  /** The agent; in a workflow that of the current step. */
  tool: aiToolSchema,
  /** Steps that run one after the other, each with its own agent. */
  workflow: z.array(workflowStepSchema).min(1).max(limits.steps).optional(),
  /** Commands that must succeed in the worktree before the task is completed, and before a review. */
  checks: z.array(z.string().min(1).max(limits.checkChars)).max(limits.checks).optional(),
  /** Index of the current step. Missing: the first. */
  step: z.number().int().nonnegative().optional(),
  assignee: z.string().max(200).optional(),
  assigned_to: z.string().max(500).optional(),
  priority: prioritySchema,
  project: z.string().min(1).max(200).optional(),
  parent_id: taskIdSchema.optional(),
  depends_on: z.array(taskIdSchema).max(limits.dependencies),
  /** Number and title of deleted tasks that it depends on, by id. */
  deleted_dependencies: z.record(z.string(), z.looseObject({ number: z.number(), title: z.string() })).optional(),
  labels: z.array(z.string().min(1).max(100)).max(limits.labels),
  metadata: z.record(z.string(), z.unknown()),
  constraints: constraintsSchema,
  acceptance_criteria: z.array(z.string().max(2_000)).max(100),
  review: z.enum(['none', 'required']),
  /** Division of the work between a person and the agent. */
  collaboration_mode: collaborationModeSchema.optional(),
  approval: gateSchema.optional(),
  approvals: z.array(approvalSchema),
  follow_ups: z.array(followUpSchema),
  executions: z.array(executionSchema),
  history: z.array(transitionSchema),
  progress: z.number().min(0).max(100).optional(),
  usage: usageSchema.optional(),
  lease: leaseSchema.optional(),
  workspace: workspaceSchema.optional(),
  /** Set for this task alone; the default comes from the settings. */
  isolation: isolationSchema.optional(),
  on_complete: onCompleteSchema.optional(),
  checkpoints: z.array(checkpointSchema).max(1_000).optional(),
  /** Minutes between automatic checkpoints of this task; overrides the settings. */
  checkpoint_minutes: checkpointMinutesSchema.optional(),
  restored: restoredSchema.optional(),
  /** Of a group whose parts do the same work, of which a person picks one result. */
  race: raceSchema.optional(),
  /** The highest mark of each limit that was reported, in per cent: 50, 80 or 100. */
  budget_marks: z.record(z.string(), z.number()).optional(),
  /** Agents for which a person accepted that a cost limit cannot be counted. */
  uncounted_agents: z.array(aiToolSchema).max(limits.steps).optional(),
  created_at: timestamp,
  updated_at: timestamp,
  /** When a start was asked for; a pending task with it is queued. */
  queued_at: timestamp.optional(),
  /** Number of recoveries from each error code. */
  recoveries: z.record(z.string(), z.number().int().nonnegative()).optional(),
  /** Session of a failed execution. The next execution resumes it if the agent can. */
  resume_session_id: z.string().optional(),
  /** The name of `resume_session_id` in stores of version 0.1. It is read and cleared, never set. */
  goes_on_with: z.string().optional(),
  /** The rate limit of its model ends then; a paused task resumes after it. */
  rate_limit_until: timestamp.optional(),
  /** The last activity of its agent, set once the agent has been quiet for minutes within a turn. */
  quiet_since: timestamp.optional(),
  /** An interrupted or recovered task does not resume before this time. */
  not_before: timestamp.optional(),
  started_at: timestamp.optional(),
  completed_at: timestamp.optional(),
  archived_at: timestamp.optional(),
  /** Its content did not come through this store's journal, and no person has confirmed it: it does not run. */
  from_outside: z.boolean().optional(),
  /** Milliseconds of measured work; the slice that is not measured yet began at `active_since`. */
  active_ms: z.number().nonnegative(),
  active_since: timestamp.optional(),
  error: z.string().optional(),
  error_code: z.string().optional(),
  /** Next steps for a person. */
  error_next: nextStepsSchema.optional(),
  result: z.unknown().optional(),
});

export type TaskStatus = z.infer<typeof taskStatusSchema>;
/** The statuses by the names of the specification, for programs. */
export const TaskStatus = {
  PENDING: 'pending',
  IN_PROGRESS: 'in_progress',
  PAUSED: 'paused',
  COMPLETED_ACTIVE: 'completed_active',
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
} as const satisfies Record<Uppercase<(typeof taskStatuses)[number]>, (typeof taskStatuses)[number]>;
export type PauseReason = z.infer<typeof pauseReasonSchema>;
export type Constraints = Known<z.infer<typeof constraintsSchema>>;
export type Usage = Known<z.infer<typeof usageSchema>>;
export type WorkflowStep = Known<z.infer<typeof workflowStepSchema>>;
export type HandoffNote = Known<z.infer<typeof handoffNoteSchema>>;
export type CheckResult = Known<z.infer<typeof checkResultSchema>>;
export type Execution = Known<z.infer<typeof executionSchema>>;
export type Lease = Known<z.infer<typeof leaseSchema>>;
export type Transition = Known<z.infer<typeof transitionSchema>>;
export type TaskRecord = Known<z.infer<typeof taskRecordSchema>>;

/** A record without the parts that only the store can give: its number and revision. */
export const newTaskRecordSchema = taskRecordSchema.omit({ number: true, revision: true });
export type NewTaskRecord = Known<z.infer<typeof newTaskRecordSchema>>;

/** A task in a list: no log, but how long the log is. `duration` is milliseconds of work, waiting not counted. */
export type TaskSummary = TaskRecord & { readonly duration: number; readonly log_count: number };
/** A task with its latest log entries (at most 1,000; `log_count` is the total). */
export type Task = TaskSummary & { readonly logs: TaskLogEntry[] };
