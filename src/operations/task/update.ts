import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { checkDependencies, checkParent } from '../../core/graph/dependencies.ts';
import { operationStep, textStep } from '../../core/next-step.ts';
import { gateIsOpen } from '../../core/task/approval.ts';
import { requireGateOwner } from '../../core/task/decide.ts';
import type { TaskPatch } from '../../core/task/lifecycle.ts';
import type { TaskRecord, WorkflowStep } from '../../core/task/schema.ts';
import { requestStart } from '../../core/task/start.ts';
import { applyUpdate, type TaskUpdates } from '../../core/task/update.ts';
import type { Draft } from '../../store/journal/draft.ts';
import type { AgentChoice } from '../agent/agent-choice.ts';
import { chooseAgentFor } from '../agent/match.ts';
import type { WithActor, WithRuns } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { ensureForReady } from '../queue/ensure-worker.ts';
import { changeConstraints, taskFields } from './fields.ts';
import { taskById, taskSchema } from './output.ts';
import { resolveOne, taskReference } from './references.ts';
import { checksField, stepsOf, workflowField } from './workflow.ts';

const input = z.strictObject({
  task: taskReference,
  title: taskFields.title.optional(),
  description: taskFields.description.optional(),
  instructions: taskFields.instructions.nullable().optional(),
  tool: taskFields.tool.optional(),
  assignedTo: taskFields.assignedTo.nullable().optional(),
  priority: taskFields.priority.optional(),
  project: taskFields.project.nullable().optional(),
  label: taskFields.label.nullable().optional(),
  addLabel: taskFields.label.optional().describe('Labels to add.'),
  removeLabel: taskFields.label.optional().describe('Labels to remove.'),
  parentTask: taskFields.parentTask.nullable().optional(),
  dependsOn: taskFields.dependsOn.nullable().optional(),
  acceptance: taskFields.acceptance.nullable().optional(),
  review: taskFields.review.optional(),
  collaboration: taskFields.collaboration.nullable().optional(),
  isolation: taskFields.isolation.nullable().optional(),
  onComplete: taskFields.onComplete.nullable().optional(),
  requiresApproval: taskFields.requiresApproval.optional().meta({ negatable: true }),
  approver: taskFields.approver.nullable().optional(),
  budgetTokens: taskFields.budgetTokens.nullable().optional(),
  budgetMinutes: taskFields.budgetMinutes.nullable().optional(),
  budgetCost: taskFields.budgetCost.nullable().optional(),
  maxIterations: taskFields.maxIterations.nullable().optional(),
  allowedTools: taskFields.allowedTools.nullable().optional(),
  approvals: taskFields.approvals.nullable().optional(),
  checkpointMinutes: taskFields.checkpointMinutes.nullable().optional(),
  workflow: workflowField.nullable().optional(),
  check: checksField.nullable().optional(),
  force: z
    .boolean()
    .optional()
    .describe(
      'Remove or change the approver, or remove the approval, in the name of another person. This is recorded.',
    ),
  ifRevision: z.number().int().positive().optional().describe('Fail if the revision of the task has changed.'),
});

type Change = Omit<z.output<typeof input>, 'task' | 'ifRevision' | 'force' | 'workflow'> & {
  readonly workflow?: WorkflowStep[] | null | undefined;
};

/** Changes the given fields. Null removes a value; a list replaces the previous list. */
export const taskUpdate = defineOperation('task.update', {
  input,
  output: taskSchema,
  positional: ['task'],
  async run(context: WithRuns & WithActor, { task: reference, ifRevision, force = false, ...change }) {
    if (Object.values(change).every((value) => value === undefined)) {
      throw new TaskError('InvalidInput', 'There is nothing to change.', {
        next: [textStep('Name at least one field.')],
      });
    }
    const wanted = { tool: change.tool, assignedTo: change.assignedTo ?? undefined };
    const choice = await chooseAgentFor(context, wanted, () => resolveOne(context, reference));
    const { workflow } = change;
    const steps =
      typeof workflow === 'string' || Array.isArray(workflow) ? stepsOf(context.agents, workflow) : workflow;
    const id = await context.store.transact('task.update', (draft) => {
      const task = draft.require(reference);
      requireRevision(task, ifRevision);
      requireIdle(task, { ...choice, ...(steps === undefined ? {} : { tool: '' }) });
      const patch = patchOf(task, { ...change, workflow: steps }, choice, draft);
      draft.patch(task.id, patch, gateNote(task, patch, context.actor, force));
      return task.id;
    });
    await ensureForReady(context);
    return taskById(context, id);
  },
});

function patchOf(task: TaskRecord, change: Change, choice: AgentChoice, draft: Draft): TaskPatch {
  const updates: TaskUpdates = { ...choice, ...(change.assignedTo === null ? { assignee: null } : {}) };
  for (const key of ['title', 'description', 'instructions', 'priority', 'project', 'review', 'isolation'] as const) {
    if (change[key] !== undefined) Object.assign(updates, { [key]: change[key] });
  }
  if (change.collaboration !== undefined) updates.collaboration_mode = change.collaboration;
  if (change.onComplete !== undefined) updates.on_complete = change.onComplete;
  if (change.checkpointMinutes !== undefined) updates.checkpoint_minutes = change.checkpointMinutes;
  const labels = labelsOf(task, change);
  if (labels !== undefined) updates.labels = labels;
  if (change.workflow !== undefined) updates.workflow = change.workflow;
  if (change.check !== undefined) updates.checks = change.check;
  if (change.acceptance !== undefined) updates.acceptance_criteria = change.acceptance ?? [];
  Object.assign(updates, placeOf(task, change, draft));
  updates.constraints = changeConstraints(task.constraints, change);
  const patch = { ...applyUpdate(task, updates, draft.at), ...gateOf(task, change) };
  // A new gate on a queued task must ask at once, because no later event would open it.
  const updated = { ...task, ...patch } as TaskRecord;
  const queued = updated.status === 'pending' && updated.queued_at !== undefined;
  return queued && !gateIsOpen(updated) ? { ...patch, ...requestStart(updated, draft.at) } : patch;
}

/** The labels after a change; undefined if it names none. */
function labelsOf(task: TaskRecord, { label, addLabel, removeLabel }: Change): string[] | undefined {
  if (label === undefined && addLabel === undefined && removeLabel === undefined) return undefined;
  const kept = label === undefined ? task.labels : (label ?? []);
  const removed = new Set(removeLabel);
  return [...new Set([...kept, ...(addLabel ?? [])])].filter((each) => !removed.has(each));
}

/** New parent and dependencies. No other change of the graph may come between the check and the change. */
function placeOf(task: TaskRecord, change: Change, draft: Draft): TaskUpdates {
  const place: TaskUpdates = {};
  const project = change.project ?? task.project;
  const find = (id: string): TaskRecord | undefined => draft.dependency(id);
  if (change.dependsOn !== undefined) {
    const ids = [...new Set((change.dependsOn ?? []).map((reference) => draft.require(reference, project).id))];
    checkDependencies(task, ids, find);
    place.depends_on = ids;
  }
  if (change.parentTask !== undefined) {
    const parent = change.parentTask === null ? null : draft.require(change.parentTask, project).id;
    if (parent !== null) checkParent(task, parent, find);
    place.parent_id = parent;
  }
  if (place.depends_on !== undefined || place.parent_id !== undefined) draft.guardGraph();
  return place;
}

function gateOf(task: TaskRecord, change: Change): TaskPatch {
  if (change.requiresApproval === undefined && change.approver === undefined) return {};
  const approver = change.approver === undefined ? task.approval?.approver : (change.approver ?? undefined);
  const required = change.requiresApproval ?? (typeof change.approver === 'string' || task.approval?.required === true);
  return { approval: { ...task.approval, required, approver } };
}

/**
 * A note for the record if the change overrules the approver.
 *
 * @throws TaskError `NotApprover` unless it is forced
 */
function gateNote(task: TaskRecord, { approval }: TaskPatch, actor: string, force: boolean): string | undefined {
  if (approval === undefined) return undefined;
  try {
    requireGateOwner(task, approval, actor);
    return undefined;
  } catch (error) {
    if (!force) throw error;
    return `forced without ${task.approval?.approver}`;
  }
}

function requireRevision(task: TaskRecord, ifRevision: number | undefined): void {
  if (ifRevision === undefined || task.revision === ifRevision) return;
  throw new TaskError('RevisionConflict', `#${task.number} has changed: it is at revision ${task.revision}.`, {
    next: [textStep('Look at it again and repeat the change.')],
    details: { revision: task.revision, ifRevision },
  });
}

/** The agent of a running task cannot be changed. */
function requireIdle(task: TaskRecord, choice: AgentChoice): void {
  const changes = choice.tool !== undefined && choice.tool !== task.tool;
  if (!changes || (task.lease === undefined && task.status !== 'in_progress')) return;
  throw new TaskError('TaskRunning', `#${task.number} is being done by ${task.tool}.`, {
    next: [operationStep('Cancel it, change the agent, then restart it', 'task.cancel', { tasks: [task.number] })],
  });
}
