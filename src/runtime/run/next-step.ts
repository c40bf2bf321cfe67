import { beginExecution, requireLease, yieldStep } from '../../core/task/run.ts';
import { currentStep, formerSession, stepIndex } from '../../core/task/workflow.ts';
import { holdByBudget } from '../budget/budget-guard.ts';
import type { RunContext, RunPlan } from './run-context.ts';

/**
 * Starts the execution of the next step after a turn that leads to one. A reached limit pauses the task. A step whose
 * agent cannot run here is left to a worker that can claim it.
 *
 * @returns undefined if the run has ended
 */
export async function nextStep(
  { store, agents, worker, day, isFull }: RunContext,
  { task: before }: RunPlan,
  executionId: string,
): Promise<RunPlan | undefined> {
  const { id } = before;
  const begun = await store.transact('run.step', (draft) => {
    const current = requireLease(draft.byId(id), worker);
    if (current.status !== 'in_progress' || stepIndex(current) === stepIndex(before)) return undefined;
    const over = holdByBudget(current, draft, draft.at, day);
    if (over !== undefined) {
      draft.patch(id, over);
      return undefined;
    }
    const { phase = '' } = currentStep(current) ?? {};
    const metadata = { source: 'worker', worker };
    if (agents.unavailable(current.tool) !== undefined || isFull(draft, current.tool, id)) {
      draft.log(id, { message: `The phase "${phase}" waits for ${current.tool}`, metadata });
      draft.patch(id, yieldStep(current, draft.at));
      return undefined;
    }
    draft.log(id, { message: `Started the phase "${phase}" with ${current.tool}`, metadata });
    const execution = { id: executionId, agent: current.tool, worker, started_at: draft.at };
    return { task: draft.patch(id, beginExecution(current, execution, draft.at)), resume: formerSession(current) };
  });
  return begun === undefined ? undefined : { ...begun, executionId };
}
