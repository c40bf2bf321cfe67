import { z } from 'zod';
import { createTaskSchema, DEFAULT_TOOL, type NewTaskFields } from '../../core/task/create.ts';
import { requestStart } from '../../core/task/start.ts';
import { addTask } from '../../store/task-changes.ts';
import { chooseAgent, isAuto, requireAvailable } from '../agent/agent-choice.ts';
import { draftTask } from '../agent/assessed-task.ts';
import { bestAgentFor, requirementsOf } from '../agent/match.ts';
import type { WithRuns } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { ensureFor, ensureForReady } from '../queue/queue-tasks.ts';
import { changeConstraints, taskFields } from './fields.ts';
import { taskById, taskSchema } from './output.ts';
import { requireScript } from './require-script.ts';

/** Makes a task; with `start` it is queued in the same change, so that there is no task that was forgotten half-way. */
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
    workflow: createTaskSchema.shape.workflow
      .meta({ program: true })
      .describe('Steps that run one after the other, each with its own agent.'),
    start: z.boolean().optional().describe('Start the task immediately.'),
  }),
  output: taskSchema,
  positional: ['title'],
  runsWith: (input) => input.start === true,
  async run(context: WithRuns, input) {
    const { label, parentTask, dependsOn, acceptance, start, tool, assignedTo, group, ...rest } = input;
    const { budgetTokens, budgetMinutes, budgetCost, maxIterations, allowedTools, approvals, ...fields } = rest;
    const limits = { budgetTokens, budgetMinutes, budgetCost, maxIterations, allowedTools, approvals };
    const constraints = changeConstraints({}, limits);
    const params: NewTaskFields = {
      ...fields,
      ...(tool === undefined && isAuto(assignedTo)
        ? { tool: await bestAgentFor(context, requirementsOf(draftTask({ ...fields, labels: label, constraints }))) }
        : chooseAgent(context.agents, { tool, assignedTo })),
      ...(group === true ? { kind: 'group' as const } : {}),
      labels: label,
      acceptanceCriteria: acceptance,
      constraints,
    };
    const [first] = params.workflow ?? [];
    if (start === true)
      requireScript(first === undefined ? params : { tool: first.agent, instructions: first.instructions });
    if (start === true) await requireAvailable(context.agents, [params.tool ?? first?.agent ?? DEFAULT_TOOL]);
    const id = await context.store.transact('task.create', (draft) => {
      const parentId = parentTask === undefined ? undefined : draft.require(parentTask).id;
      const dependencies = (dependsOn ?? []).map((reference) => draft.require(reference).id);
      const made = addTask(draft, { ...params, parentId, dependsOn: dependencies }).id;
      if (start === true) draft.patch(made, requestStart(draft.require(made), draft.at));
      return made;
    });
    const task = await taskById(context, id);
    if (start === true) await ensureFor(context, [task]);
    else await ensureForReady(context);
    return task;
  },
});
