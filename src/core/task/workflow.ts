import { TaskError } from '../errors.ts';
import { textStep } from '../next-step.ts';
import type { TaskPatch } from './lifecycle.ts';
import type { TaskRecord, WorkflowStep } from './schema.ts';
import type { TurnOutcome } from './turn.ts';

/** Characters of a hand-off note: an agent sums up at the end of its last message. */
const NOTE_CHARS = 10_000;

type Steps = Pick<TaskRecord, 'workflow' | 'step'>;

/** Index of the step that runs now, or next. Files are untrusted, so a number past the end means the last step. */
export function stepIndex({ workflow = [], step = 0 }: Steps): number {
  return Math.max(0, Math.min(step, workflow.length - 1));
}

/** The step that runs now, or next. Undefined for an ordinary task. */
export function currentStep(task: Steps): WorkflowStep | undefined {
  return task.workflow?.[stepIndex(task)];
}

/** True if another step follows the current one. */
export function hasNextStep(task: Steps): boolean {
  return stepIndex(task) + 1 < (task.workflow?.length ?? 0);
}

/** The script of a task for the shell: that of its current step in a workflow. */
export function scriptOf(task: Pick<TaskRecord, 'instructions' | 'workflow' | 'step'>): string {
  const text = task.workflow === undefined ? task.instructions : currentStep(task)?.instructions;
  // Editors on Windows add a byte order mark.
  return text?.replace(/^\ufeff/, '') ?? '';
}

/** The model for the agent: a step names its own, because another agent does not know the model of the task. */
export function modelOf(task: Pick<TaskRecord, 'assignee' | 'workflow' | 'step'>): string | undefined {
  return task.workflow === undefined ? task.assignee : currentStep(task)?.model;
}

/** The current step is completed; the next one is the task's work now. `tool` is always the agent of the current step. */
export function advance(task: TaskRecord): TaskPatch {
  const step = stepIndex(task) + 1;
  const next = task.workflow?.[step];
  return next === undefined ? {} : { step, tool: next.agent, assigned_to: undefined, progress: undefined };
}

/**
 * Restarts an ended workflow at its first step. A failed workflow continues at the failed step and repeats no finished
 * one.
 */
export function rewind(task: TaskRecord): TaskPatch {
  const [first] = task.workflow ?? [];
  return first === undefined || task.status === 'failed' ? {} : { step: undefined, tool: first.agent };
}

/** Gives the current step another agent. */
export function replaceAgent(task: TaskRecord, agent: string): TaskPatch {
  const index = stepIndex(task);
  if (task.workflow === undefined) return {};
  return { workflow: task.workflow.map((step, each) => (each === index ? { ...step, agent } : step)) };
}

/** The note that the agent of a step leaves to the next one: its last message. */
export function handoffOf(outcome: TurnOutcome): string | undefined {
  const { message } = (outcome.kind === 'completed' ? (outcome.result ?? {}) : {}) as { message?: unknown };
  return typeof message === 'string' && message.trim() !== '' ? message.slice(-NOTE_CHARS) : undefined;
}

/** A completed step before the current one, with the note of its agent. */
export interface Handoff {
  readonly step: WorkflowStep;
  readonly note: string;
}

/** The notes of the completed steps, in their order. */
export function handoffsOf(task: TaskRecord): Handoff[] {
  return (task.workflow ?? []).slice(0, stepIndex(task)).flatMap((step, index) => {
    const note = task.executions.findLast((each) => each.step === index && each.outcome === 'completed')?.handoff;
    return note === undefined ? [] : [{ step, note }];
  });
}

/**
 * The agent of a new task.
 *
 * @throws TaskError `InvalidInput` if the task names another agent than its first step
 */
export function agentOfNew(
  tool: string | undefined,
  workflow: readonly WorkflowStep[] | undefined,
): string | undefined {
  const [first] = workflow ?? [];
  if (first === undefined || tool === undefined || tool === first.agent) return first?.agent ?? tool;
  throw new TaskError('InvalidInput', `The task is for ${tool}, but its workflow begins with ${first.agent}.`, {
    next: [textStep('Name the agents in the workflow only.')],
  });
}
