import { activeDuration } from '../task/lifecycle.ts';
import type { Constraints, TaskRecord, Usage, WorkflowStep } from '../task/schema.ts';
import { sumUsage } from '../task/spend.ts';
import { currentStep, stepIndex } from '../task/workflow.ts';
import type { LimitedKey } from './limit-names.ts';

/** The spend of the current phase of a workflow, with its limits. */
interface PhaseSpend {
  readonly phase: string;
  readonly constraints: Constraints;
  /** The sum of the executions of the phase since the task was started. */
  readonly usage: Usage;
  /** Minutes of work in these executions. */
  readonly minutes: number;
}

/** Undefined for a task without phases, and for a phase without constraints. */
export function phaseSpend(task: TaskRecord, now: number): PhaseSpend | undefined {
  const { phase, constraints } = currentStep(task) ?? {};
  if (phase === undefined || constraints === undefined) return undefined;
  const index = stepIndex(task);
  const since = task.started_at ?? '';
  let ms = 0;
  const own = task.executions.filter((execution, position) => {
    if (execution.step !== index || execution.started_at < since) return false;
    const before = execution.active_before;
    const after = task.executions[position + 1]?.active_before ?? activeDuration(task, now);
    if (before !== undefined) ms += Math.max(0, after - before);
    return true;
  });
  return { phase, constraints, usage: sumUsage(own.map(({ usage }) => usage ?? {})), minutes: ms / 60_000 };
}

/** The steps of a task with another limit of its current phase. */
export function withPhaseLimit(task: TaskRecord, key: LimitedKey, limit: number): WorkflowStep[] {
  const index = stepIndex(task);
  return (task.workflow ?? []).map((step, each) =>
    each === index ? { ...step, constraints: { ...step.constraints, [key]: limit } } : step,
  );
}
