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
    return { type: needs.taskType, complexity: score, shares: [...shares], ...(await matchesFor(context, needs)) };
  },
});

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
export function requirementsOf(task: TaskRecord): Requirements {
  return {
    taskType: taskTypeOf(task).type,
    complexity: complexityOf(task).score,
    requiredTools: task.constraints.allowed_tools ?? [],
    asks: (task.constraints.approvals ?? 'ask') === 'ask',
  };
}
