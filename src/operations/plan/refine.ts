import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { type PlanDifference, type Refinement, refinementIn, refineOrder, refinePlan } from '../../core/plan/refine.ts';
import type { StepOptions } from '../../core/steps.ts';
import { notesOf } from '../../core/task/handoff.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { WithRuns } from '../context.ts';
import { askAgent } from './ask-agent.ts';

/** A plan as an agent changed it. */
export interface RefinedPlan {
  readonly plan: Plan;
  readonly differences: readonly PlanDifference[];
  /** Number of the task in which the agent answered. */
  readonly task: number;
}

/**
 * Asks an agent to refine a plan, in a separate task, and waits for its end. The same plan and text use the same answer.
 *
 * @param text - the source of the plan
 * @throws TaskError `InvalidInput` for an answer in another form or a task that did not complete; the reason of the signal
 */
export async function refinedPlan(
  context: WithRuns,
  plan: Plan,
  { agent, text, name }: { readonly agent: string; readonly text: string; readonly name: string },
  steps: StepOptions = {},
): Promise<RefinedPlan> {
  const order = { agent, title: `Refine the plan of ${name}`.slice(0, 200), description: refineOrder(plan, text) };
  const { task, ended } = await askAgent(context, order, steps);
  const answer = ended === undefined ? undefined : refinementIn(notesOf(ended));
  const refined = answer === undefined ? undefined : refinePlan(plan, answer);
  if (refined !== undefined) return { ...refined, task: task.number };
  const failed = ended === undefined || ended.status === 'failed' || ended.status === 'cancelled';
  const why = failed ? 'did not complete' : 'proposed no changes in the required form, or removed every task';
  throw new TaskError('InvalidInput', `#${task.number} ${why}. No task of the plan was created.`, {
    next: [
      operationStep('Show its log', 'task.logs', { task: task.number }),
      operationStep('Delete it, and plan again', 'task.delete', { tasks: [task.number] }),
    ],
  });
}

/** The answer in a task that was asked to refine a plan; undefined if the plan or its text changed since. */
export function refinementOf(task: TaskRecord, plan: Plan, text: string): Refinement | undefined {
  return task.description === refineOrder(plan, text) ? refinementIn(notesOf(task)) : undefined;
}
