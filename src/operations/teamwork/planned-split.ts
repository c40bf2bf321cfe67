import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import { type ProposedPart, proposedParts, splitOrder } from '../../core/plan/planned-parts.ts';
import { requireSplittable } from '../../core/plan/split.ts';
import type { StepOptions } from '../../core/steps.ts';
import { notesOf } from '../../core/task/handoff.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { WithRuns } from '../context.ts';
import { askAgent } from '../plan/ask-agent.ts';

/**
 * Asks an agent for the parts of a task, in a separate subtask, and waits for its end. A later call with the same task
 * and agent uses the same proposal, also after an interruption.
 *
 * @throws TaskError `InvalidInput` for a proposal in another form, the error of a failed subtask, and the reason of the
 *   signal if it aborts: the subtask continues
 */
export async function partsBy(
  context: WithRuns,
  task: TaskRecord,
  { agent, count }: { readonly agent: string; readonly count: number },
  steps: StepOptions = {},
): Promise<ProposedPart[]> {
  requireSplittable(task);
  const title = `Propose parts of #${task.number}`;
  const description = splitOrder(task, count);
  const order = { agent, title, description, parentId: task.id, project: task.project };
  const { task: planner, ended } = await askAgent(context, order, steps);
  return partsOf(planner, ended);
}

function partsOf({ number }: TaskRecord, ended: TaskRecord | undefined): ProposedPart[] {
  const parts = ended === undefined ? undefined : proposedParts(notesOf(ended));
  if (parts !== undefined) return parts;
  const failed = ended === undefined || ended.status === 'failed' || ended.status === 'cancelled';
  const why = failed ? 'did not complete' : 'proposed no parts in the required form';
  throw new TaskError('InvalidInput', `#${number} ${why}. Nothing was split.`, {
    next: [
      operationStep('Show its log', 'task.logs', { task: number }),
      operationStep('Delete it, and split again', 'task.delete', { tasks: [number] }),
    ],
  });
}
