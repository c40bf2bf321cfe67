import { z } from 'zod';
import { acceptUncounted } from '../../core/policy/uncounted.ts';
import { createTaskSchema, type NewTaskFields } from '../../core/task/create.ts';
import type { TaskPatch } from '../../core/task/lifecycle.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { requestStart } from '../../core/task/start.ts';
import type { Draft } from '../../store/journal/draft.ts';
import { addTask } from '../../store/task-changes.ts';
import { requireAvailable } from '../agent/agent-choice.ts';
import { draftTask } from '../agent/assessed-task.ts';
import { chooseAgentFor } from '../agent/match.ts';
import type { WithRuns } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { ensureFor, ensureForReady } from '../queue/ensure-worker.ts';
import { uncountedField } from '../queue/queue-tasks.ts';
import { changeConstraints, taskFields } from './fields.ts';
import { taskById, taskSchema } from './output.ts';
import { requireCountable } from './require-countable.ts';
import { requireScript } from './require-script.ts';
import { agentsOf, checksField, requireScripts, stepsOf, workflowField } from './workflow.ts';

/** Creates a task; with `start` it is queued in the same change, so that a crash cannot leave it unstarted. */
export const taskCreate = defineOperation('task.create', {
  input: z.strictObject({
    title: taskFields.title.optional(),
    description: taskFields.description.optional(),
    instructions: taskFields.instructions.optional(),
    tool: taskFields.tool.optional(),
    assignedTo: taskFields.assignedTo.optional(),
    priority: taskFields.priority.optional(),
    project: taskFields.project.optional(),
    label: taskFields.label.optional(),
    parentTask: taskFields.parentTask.optional(),
    dependsOn: taskFields.dependsOn.optional(),
    acceptance: taskFields.acceptance.optional(),
    review: taskFields.review.optional(),
    collaboration: taskFields.collaboration.optional(),
    isolation: taskFields.isolation.optional(),
    onComplete: taskFields.onComplete.optional(),
    checkpointMinutes: taskFields.checkpointMinutes.optional(),
    group: z
      .boolean()
      .optional()
      .describe('Create a group: it runs nothing itself and holds other tasks as its parts.'),
    requiresApproval: taskFields.requiresApproval.optional(),
    approver: taskFields.approver.optional(),
    budgetTokens: taskFields.budgetTokens.optional(),
    budgetMinutes: taskFields.budgetMinutes.optional(),
    budgetCost: taskFields.budgetCost.optional(),
    maxIterations: taskFields.maxIterations.optional(),
    allowedTools: taskFields.allowedTools.optional(),
    approvals: taskFields.approvals.optional(),
    metadata: createTaskSchema.shape.metadata
      .meta({ program: true })
      .describe('Data of the caller, kept with the task.'),
    workflow: workflowField.optional(),
    check: checksField.optional(),
    start: z.boolean().optional().describe('Start the task immediately.'),
    uncounted: uncountedField,
  }),
  output: taskSchema,
  positional: ['title'],
  runsWith: (input) => input.start === true,
  async run(context: WithRuns, input) {
    const { label, parentTask, dependsOn, acceptance, tool, assignedTo, group, check, collaboration, ...others } =
      input;
    const { start, uncounted, ...rest } = others;
    const { budgetTokens, budgetMinutes, budgetCost, maxIterations, allowedTools, approvals, workflow, ...fields } =
      rest;
    const limits = { budgetTokens, budgetMinutes, budgetCost, maxIterations, allowedTools, approvals };
    const constraints = changeConstraints({}, limits);
    const steps = workflow === undefined ? undefined : stepsOf(context.agents, workflow);
    const params: NewTaskFields = {
      ...fields,
      ...(await chooseAgentFor(context, { tool, assignedTo }, () =>
        draftTask({ ...fields, labels: label, constraints }),
      )),
      ...(group === true ? { kind: 'group' as const } : {}),
      labels: label,
      acceptanceCriteria: acceptance,
      constraints,
      workflow: steps,
      checks: check,
      collaborationMode: collaboration,
    };
    if (start === true) {
      if (steps === undefined) requireScript(params);
      else requireScripts(steps);
      await requireAvailable(context.agents, agentsOf(params));
    }
    const { agents } = context;
    const startOf = (draft: Draft, task: TaskRecord): TaskPatch => {
      if (uncounted !== true) requireCountable(task, draft, agents, 'task.create');
      return {
        ...requestStart(task, draft.at),
        ...acceptUncounted(task, draft, (agent, model) => agents.countsCost(agent, model)),
      };
    };
    const id = await context.store.transact('task.create', (draft) => {
      const parent = parentTask === undefined ? undefined : draft.require(parentTask, fields.project);
      const parentId = parent?.id;
      const project = fields.project ?? parent?.project;
      const dependencies = (dependsOn ?? []).map((reference) => draft.require(reference, project).id);
      const made = addTask(draft, { ...params, parentId, dependsOn: dependencies }).id;
      if (start === true) draft.patch(made, startOf(draft, draft.require(made)));
      return made;
    });
    const task = await taskById(context, id);
    if (start === true) await ensureFor(context, [task]);
    else await ensureForReady(context);
    return task;
  },
});
