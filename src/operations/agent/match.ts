import { z } from 'zod';
import { complexityOf } from '../../core/assess/complexity.ts';
import { matchAgents, type Requirements } from '../../core/assess/match.ts';
import { outcomesOf } from '../../core/assess/outcomes.ts';
import { taskTypeOf, taskTypes } from '../../core/assess/task-type.ts';
import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { WithAgents, WithStore } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { type AgentChoice, chooseAgent } from './agent-choice.ts';
import { assessedTask, assessInput } from './assessed-task.ts';

const matchSchema = z.object({ agent: z.string(), title: z.string(), score: z.number(), reasons: z.array(z.string()) });
const unfitSchema = z.object({ agent: z.string(), title: z.string(), why: z.string() });

/** Chooses an agent for a task, with the reasons: abilities, availability here, and outcomes of similar tasks here. */
export const taskMatch = defineOperation('task.match', {
  input: assessInput,
  output: z.object({
    type: z.enum(taskTypes),
    complexity: z.number(),
    /** The reasons of the complexity. */
    shares: z.array(z.object({ signal: z.string(), share: z.number(), value: z.number() })),
    /** Fitting agents, the best first. */
    matches: z.array(matchSchema),
    /** Agents that cannot take the task. */
    unfit: z.array(unfitSchema),
  }),
  positional: ['task'],
  async run(context: WithStore & WithAgents, given) {
    const task = await assessedTask(context, given);
    const { score, shares } = complexityOf(task);
    const needs = requirementsOf(task);
    const assessed = { type: needs.taskType, complexity: score, shares: [...shares] };
    // No agent but the shell understands a script.
    if (task.tool === 'SHELL') return { ...assessed, ...(await shellFor(context)) };
    return { ...assessed, ...(await matchesFor(context, needs)) };
  },
});

async function shellFor({ agents }: WithAgents): Promise<Matched> {
  const shell = (await agents.list()).find(({ name }) => name === 'SHELL');
  if (shell === undefined) return { matches: [], unfit: [] };
  const { name: agent, title } = shell;
  return { matches: [{ agent, title, score: 1, reasons: ['The task is a script.'] }], unfit: [] };
}

interface Matched {
  matches: z.output<typeof matchSchema>[];
  unfit: z.output<typeof unfitSchema>[];
}

/** The agents that fit, the best first, and the others with the reason. */
export async function matchesFor({ store, agents }: WithStore & WithAgents, needs: Requirements): Promise<Matched> {
  await store.refresh();
  const { matches, unfit } = matchAgents(await agents.list(), needs, outcomesOf(store.view.all()));
  return { matches: matches.map((match) => ({ ...match, reasons: [...match.reasons] })), unfit: [...unfit] };
}

/**
 * The agent and model that a person names for a task; for `auto` the best agent.
 *
 * @throws TaskError as `chooseAgent` and `bestAgentFor` throw
 */
export async function chooseAgentFor(
  context: WithStore & WithAgents,
  wanted: Parameters<typeof chooseAgent>[1],
  task: () => TaskRecord | Promise<TaskRecord>,
): Promise<AgentChoice> {
  if (wanted.assignedTo?.toLowerCase() !== 'auto') return chooseAgent(context.agents, wanted);
  if (wanted.tool !== undefined) return chooseAgent(context.agents, { tool: wanted.tool });
  return { tool: await bestAgentFor(context, requirementsOf(await task())) };
}

/** @throws TaskError `AgentUnavailable` if no agent on this machine can take the task */
export async function bestAgentFor(context: WithStore & WithAgents, needs: Requirements): Promise<string> {
  const { matches, unfit } = await matchesFor(context, needs);
  const [best] = matches;
  if (best !== undefined) return best.agent;
  const why = unfit.map((each) => `${each.title}: ${each.why}`).join(' ');
  throw new TaskError('AgentUnavailable', `No agent on this machine can take the task. ${why}`, {
    next: [operationStep('See how to install an agent', 'agents')],
  });
}

/** The requirements of a task on its agent. */
function requirementsOf(task: TaskRecord): Requirements {
  return {
    taskType: taskTypeOf(task).type,
    complexity: complexityOf(task).score,
    requiredTools: task.constraints.allowed_tools ?? [],
    asks: (task.constraints.approvals ?? 'ask') === 'ask',
  };
}
