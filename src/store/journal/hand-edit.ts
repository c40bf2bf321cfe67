import { orderOf } from '../../core/agent/order.ts';
import { TaskError } from '../../core/errors.ts';
import { checkDependencies, checkParent } from '../../core/graph/dependencies.ts';
import { operationStep } from '../../core/next-step.ts';
import { limitNames } from '../../core/policy/limit-names.ts';
import { asksLess } from '../../core/task/approvals-mode.ts';
import { awaitsConfirmation } from '../../core/task/confirmation.ts';
import { isTerminal, type TaskPatch } from '../../core/task/lifecycle.ts';
import { renewedKeys } from '../../core/task/renewal.ts';
import { type Constraints, type TaskRecord, taskRecordSchema } from '../../core/task/schema.ts';
import { applyUpdate, type UpdateTaskParams } from '../../core/task/update.ts';
import { currentStep } from '../../core/task/workflow.ts';
import { changedKeys } from './changed-keys.ts';
import type { Draft, StoreDraft } from './draft.ts';

/**
 * The keys that an edit of a file may change, besides unknown keys. Any program with access to the folder can edit a
 * file, git included, so that status, queue, lease, gate, approvals, agent and isolation are excluded.
 */
const updatable = new Set(
  `title description instructions priority project parent_id depends_on labels metadata constraints
   acceptance_criteria`.split(/\s+/),
);

/**
 * Applies an edit of a task's file by the rules of any other change.
 *
 * @param changed keys that others changed since the state that the editor saw; undefined if unknown
 * @returns the changed keys
 * @throws TaskError for an edit that a file cannot make
 */
export function applyHandEdit(
  draft: Draft,
  task: TaskRecord,
  edited: TaskRecord,
  changed: ReadonlySet<string> | undefined,
): string[] {
  if (edited.revision > task.revision) throw refused(task, 'its revision was changed');
  if (edited.revision < task.revision && changed === undefined) {
    throw refused(task, 'other processes have changed unknown fields of it in the meantime');
  }
  // The worker may have renewed its lease since the editor read the file, within the same revision.
  const isRenewed = (key: string): boolean => task.lease !== undefined && renewedKeys.has(key);
  const keys = changedKeys(task, edited)
    .filter((key) => key !== 'revision' && key !== 'updated_at' && !isRenewed(key))
    .filter((key) => edited.revision === task.revision || !changed?.has(key));
  const fixed = keys.filter((key) => isKnown(key) && !updatable.has(key));
  if (fixed.length > 0) throw refused(task, `${fixed.join(', ')} cannot be changed like this`);
  if (keys.length === 0) return keys;
  if (keys.includes('constraints') && isWider(task.constraints, edited.constraints)) {
    throw refused(task, 'a limit was raised or removed');
  }
  const values = edited as Record<string, unknown>;
  const mine = keys.filter((key) => updatable.has(key));
  const updates = Object.fromEntries(mine.map((key) => [key, values[key] ?? null])) as UpdateTaskParams;
  const patch: TaskPatch = applyUpdate(task, updates, draft.at);
  for (const key of keys) if (!updatable.has(key)) Object.assign(patch, { [key]: values[key] });
  const after = { ...task, ...patch } as TaskRecord;
  checkPlace(draft, after);
  // A manual edit cannot be distinguished from one of a branch: changed instructions need a new confirmation.
  if (task.kind === 'work' && orderOf(after) !== orderOf(task)) patch.from_outside = true;
  draft.guardGraph();
  draft.patch(task.id, patch);
  draft.log(task.id, { message: `Edited manually in its file: ${keys.join(', ')}` });
  return keys;
}

/**
 * Imports a record from a file that did not come through this store's journal. Dependencies in a circle are left out.
 * Unless it has ended, the task becomes a draft. It does not run before a person confirms it.
 */
export function adoptRecord(draft: StoreDraft, record: TaskRecord): void {
  const task: TaskRecord = { ...fromOutside(record), updated_at: draft.at };
  try {
    checkPlace(draft, task);
  } catch (error) {
    if (!TaskError.is(error, 'DependencyCycle')) throw error;
    task.depends_on = [];
    delete task.parent_id;
    draft.log(task.id, { level: 'warn', message: `${error.message} Its dependencies and its parent were left out.` });
  }
  draft.adopt(task);
  const open = awaitsConfirmation(task) ? ' Confirm it to let it run.' : '';
  draft.log(task.id, { message: `Imported from outside: its file did not come through this store.${open}` });
}

/** The record without the parts by which a file could start a task, widen its rights or claim a decision. */
export function fromOutside(record: TaskRecord): TaskRecord {
  const task = { ...record };
  for (const key of live) delete task[key];
  // Its agent would put no question to a person.
  if (task.collaboration_mode === 'autonomous') delete task.collaboration_mode;
  const ended = isTerminal(task.status);
  const { approvals: _, ...constraints } = task.constraints;
  return {
    ...task,
    status: ended ? task.status : 'pending',
    constraints,
    // A person confirms the agents that the steps name.
    tool: currentStep(task)?.agent ?? task.tool,
    approvals: [],
    follow_ups: [],
    executions: task.executions.filter((execution) => execution.ended_at !== undefined),
    from_outside: true,
  };
}

const live = [
  ...(['queued_at', 'lease', 'pause_reason', 'workspace', 'checkpoints', 'restored', 'resume_session_id'] as const),
  ...(['goes_on_with', 'not_before', 'recoveries', 'budget_marks', 'assigned_to', 'active_since', 'step'] as const),
  ...(['isolation', 'on_complete', 'checkpoint_minutes', 'error_next', 'uncounted_agents'] as const),
];

/** Asked on use: the schema is not built for a process that takes no edit. */
function isKnown(key: string): boolean {
  return Object.hasOwn(taskRecordSchema.shape, key);
}

/**
 * True if a limit was removed or raised, a tool was added to a list of allowed tools, or fewer actions need a person.
 */
function isWider(before: Constraints, after: Constraints): boolean {
  const raised = Object.values(limitNames).some(({ constraint }) => {
    const [old, now] = [before[constraint], after[constraint]];
    return old !== undefined && (typeof now !== 'number' || now > old);
  });
  const tools = before.allowed_tools;
  const added = tools !== undefined && !(after.allowed_tools?.every((tool) => tools.includes(tool)) ?? false);
  return raised || added || asksLess(before.approvals, after.approvals);
}

function checkPlace(draft: Draft, task: TaskRecord): void {
  // A missing dependency is allowed; views of the task show it.
  const there = task.depends_on.filter((id) => draft.dependency(id) !== undefined);
  checkDependencies(task, there, (id) => draft.dependency(id));
  if (task.parent_id !== undefined && draft.byId(task.parent_id) !== undefined) {
    checkParent(task, task.parent_id, (id) => draft.byId(id));
  }
}

function refused(task: TaskRecord, why: string): TaskError {
  return new TaskError('InvalidInput', `#${task.number} was edited manually, but ${why}.`, {
    next: [operationStep('Change it with an operation', 'task.update', { task: task.number })],
  });
}
