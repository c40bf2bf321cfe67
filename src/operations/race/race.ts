import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { operationStep, textStep } from '../../core/next-step.ts';
import { requireSplittable } from '../../core/plan/split.ts';
import type { NewTaskFields } from '../../core/task/create.ts';
import type { TaskId } from '../../core/task/id.ts';
import { partRules } from '../../core/task/part-rules.ts';
import { MAX_ENTRANTS } from '../../core/task/race.ts';
import { limits, type TaskRecord } from '../../core/task/schema.ts';
import { becomeGroup } from '../../core/task/session.ts';
import { requestStart } from '../../core/task/start.ts';
import { requireRepository } from '../../runtime/worktrees/review.ts';
import type { Draft } from '../../store/journal/draft.ts';
import { addTask } from '../../store/task-changes.ts';
import { agentNamed, agentOfModel, chooseAgent, requireAvailable } from '../agent/agent-choice.ts';
import type { WithAgents, WithRuns, WithWork } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { ensureFor } from '../queue/ensure-worker.ts';
import { resolveOne, taskReference } from '../task/references.ts';
import { requireScript } from '../task/require-script.ts';
import { requireScripts } from '../task/workflow.ts';
import { compareRace, comparisonSchema } from './comparison.ts';

/** Turns a task into a race: several agents do the same work in their own worktrees, under the limits of the task. */
export const taskRace = defineOperation('task.race', {
  input: z.strictObject({
    task: taskReference,
    agents: z
      .array(z.string().trim().min(1).max(300))
      .min(1)
      .max(MAX_ENTRANTS)
      .optional()
      .meta({ commas: true })
      .describe('Agents, models, or AGENT:MODEL. Default: the agent of the task.'),
    n: z
      .number()
      .int()
      .min(2)
      .max(MAX_ENTRANTS)
      .optional()
      .describe('Number of entrants. Default: one for each agent, or 3 of the same agent.'),
    draft: z.boolean().optional().describe('Create the entrants without starting them.'),
  }),
  output: comparisonSchema,
  positional: ['task'],
  async run(context: WithRuns & WithWork, { task: reference, agents, n, draft: isDraft }) {
    const task = await resolveOne(context, reference);
    requireSplittable(task, 'raced');
    const drivers = driversOf(context, task, agents, n);
    // Entrants without their own worktree would overwrite each other's files.
    await requireRepository(context);
    if (isDraft !== true) await requireStartable(context, task, drivers);
    const made = await context.store.transact('task.race', (draft) => {
      const whole = draft.require(task.id);
      requireSplittable(whole, 'raced');
      draft.patch(whole.id, { ...becomeGroup(whole, draft.at), race: {} });
      return drivers.map((driver) => addEntrant(draft, whole, driver, isDraft !== true));
    });
    const entrants = made.flatMap((id) => context.store.view.byId(id) ?? []);
    if (isDraft !== true) await ensureFor(context, entrants);
    return compareRace(context, context.store.resolve(task.id));
  },
});

/** The agent of an entrant; undefined for the agents of the task itself, which may be those of a workflow. */
interface Driver {
  readonly name: string;
  readonly agent?: { readonly tool: string; readonly assignee?: string | undefined } | undefined;
}

function driversOf(
  { agents }: WithAgents,
  task: TaskRecord,
  names: readonly string[] | undefined,
  count: number | undefined,
): Driver[] {
  const given = names?.map((name) => agentIn({ agents }, name));
  const total = count ?? Math.max(2, given?.length ?? 3);
  if (given !== undefined && given.length > total) {
    throw new TaskError('InvalidInput', `${given.length} agents cannot share ${total} entrants.`, {
      next: [textStep('Name fewer agents, or raise the number of entrants.')],
    });
  }
  const seen = new Map<string, number>();
  return Array.from({ length: total }, (_, index) => {
    const agent = given?.[index % given.length];
    const { tool, assignee } = agent ?? task;
    const name = assignee === undefined ? tool : `${tool} ${assignee}`;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return { name: times === 1 ? name : `${name} ${times}`, agent };
  });
}

/** `CODEX`, `gpt-5` or `CODEX:gpt-5`. */
function agentIn({ agents }: WithAgents, name: string): { tool: string; assignee?: string | undefined } {
  const colon = name.indexOf(':');
  const tool = colon < 0 ? undefined : agentNamed(agents, name.slice(0, colon));
  const model = tool === undefined ? name : name.slice(colon + 1).trim();
  const choice = chooseAgent(agents, { tool, assignedTo: model === '' ? undefined : model });
  return { ...choice, tool: choice.tool ?? agentOfModel(model) };
}

async function requireStartable(context: WithRuns, task: TaskRecord, drivers: readonly Driver[]): Promise<void> {
  await context.requireConfirmedTasks();
  const names: string[] = [];
  for (const { agent } of drivers) {
    if (agent === undefined && task.workflow !== undefined) {
      requireScripts(task.workflow);
      names.push(...task.workflow.map((step) => step.agent));
    } else {
      const { tool } = agent ?? task;
      requireScript({ tool, instructions: task.instructions }, task.number);
      names.push(tool);
    }
  }
  await requireAvailable(context.agents, names);
}

function addEntrant(draft: Draft, task: TaskRecord, { name, agent }: Driver, start: boolean): TaskId {
  const { allowed_tools: allowed, approvals } = task.constraints;
  const params: NewTaskFields = {
    ...partRules(task),
    title: `${task.title.slice(0, limits.titleChars - name.length - 3)} (${name})`,
    description: task.description,
    instructions: task.instructions,
    ...(agent === undefined && task.workflow !== undefined
      ? { workflow: task.workflow }
      : { tool: agent?.tool ?? task.tool }),
    assignee: agent === undefined ? task.assignee : agent.assignee,
    checks: task.checks,
    priority: task.priority,
    project: task.project,
    parentId: task.id,
    labels: task.labels,
    // The limits stay with the race: the entrants spend them together.
    constraints: {
      ...(allowed === undefined ? {} : { allowed_tools: allowed }),
      ...(approvals === undefined ? {} : { approvals }),
    },
    acceptanceCriteria: task.acceptance_criteria,
    isolation: 'worktree',
    onComplete: 'review',
  };
  const { id } = addTask(draft, params);
  if (start) draft.patch(id, requestStart(draft.require(id), draft.at));
  return id;
}

/** @throws TaskError `InvalidInput` for a task that is no race */
export function requireRace(task: TaskRecord): void {
  if (task.kind === 'group' && task.race !== undefined) return;
  throw new TaskError('InvalidInput', `#${task.number} is no race.`, {
    next: [operationStep('Let several agents do it', 'task.race', { task: task.number }, ['agents'])],
  });
}
