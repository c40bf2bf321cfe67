import { TaskError } from '../errors.ts';
import { textStep } from '../next-step.ts';
import type { TaskPatch } from './lifecycle.ts';
import type { Constraints, Execution, HandoffNote, TaskRecord, WorkflowStep } from './schema.ts';

/** The number of times that a review sends the work back before it asks a person. */
const MAX_RETURNS = 3;
/** A later step with such a name is a review, unless it says otherwise. */
const reviewName = /^(?:code[ _-]?)?review$/i;

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

/** True if the agent of the step reviews the work of the earlier steps. */
export function isReview(task: Steps, index = stepIndex(task)): boolean {
  const step = task.workflow?.[index];
  return step !== undefined && index > 0 && (step.review ?? reviewName.test(step.phase));
}

/** The agent's limits in the current step: the step narrows those of the task. */
export function limitsInStep(task: Pick<TaskRecord, 'constraints' | 'workflow' | 'step'>): Constraints {
  const { allowed_tools: allowed, approvals } = currentStep(task)?.constraints ?? {};
  return {
    ...task.constraints,
    ...(allowed === undefined ? {} : { allowed_tools: allowed }),
    ...(approvals === undefined ? {} : { approvals }),
  };
}

/**
 * The commands that must succeed after the current step: its own, and those of the task before a review and after the
 * last step.
 */
export function checksOf(task: Pick<TaskRecord, 'checks' | 'workflow' | 'step'>): readonly string[] {
  const own = currentStep(task)?.checks ?? [];
  const index = stepIndex(task);
  const finished = hasNextStep(task) ? isReview(task, index + 1) : !isReview(task);
  return finished ? [...new Set([...own, ...(task.checks ?? [])])] : own;
}

/** The step after a completed turn: the next one, or an earlier one for a review that sends the work back. */
export type Move = { readonly to: number; readonly reasons?: readonly string[] };

/** The move after a completed turn. Undefined at the end of a workflow, and for a review that asks a person. */
export function moveAfter(task: TaskRecord, note: HandoffNote | undefined): Move | undefined {
  const index = stepIndex(task);
  if (!sendsBack(task, note)) return hasNextStep(task) ? { to: index + 1 } : undefined;
  return returnsOf(task) < maxReturns(task) ? { to: reviewedStep(task), reasons: reasonsOf(note) } : undefined;
}

/** The question to a person if a review would send the work back more often than it may. */
export function reviewQuestion(
  task: TaskRecord,
  note: HandoffNote | undefined,
): { title: string; message: string } | undefined {
  if (!sendsBack(task, note) || returnsOf(task) < maxReturns(task)) return undefined;
  const times = returnsOf(task) === 1 ? 'once' : `${returnsOf(task)} times`;
  const title = `The review sent the work back ${times} and still does not accept it. Accept it, or what should change?`;
  return { title, message: [...reasonsOf(note).map((reason) => `- ${reason}`), '', title].join('\n') };
}

function sendsBack(task: TaskRecord, note: HandoffNote | undefined): boolean {
  return isReview(task) && note?.verdict === 'send_back';
}

function reasonsOf(note: HandoffNote | undefined): readonly string[] {
  const given = note?.reasons ?? [];
  return given.length > 0 ? given : [note?.done ?? ''];
}

function maxReturns(task: TaskRecord): number {
  return currentStep(task)?.returns ?? MAX_RETURNS;
}

/** The number of times that the current review sent the work back since the task was started. */
function returnsOf(task: TaskRecord): number {
  const index = stepIndex(task);
  const since = task.started_at ?? '';
  return task.executions.filter(
    ({ step, sent_back: reasons, started_at: at }) => step === index && reasons !== undefined && at >= since,
  ).length;
}

/** The step whose work is reviewed: the last one before the review that is not a review itself. */
function reviewedStep(task: TaskRecord): number {
  const index = stepIndex(task);
  for (let at = index - 1; at > 0; at -= 1) if (!isReview(task, at)) return at;
  return 0;
}

/** Index of the step whose agent changes the work on a person's request: the current one, or the one that it reviews. */
export function workStep(task: TaskRecord): number {
  return isReview(task) ? reviewedStep(task) : stepIndex(task);
}

/** The reasons for which a review sent the work back to the current step. Undefined otherwise. */
export function returnedWith(
  task: TaskRecord,
): { readonly by: WorkflowStep; readonly reasons: readonly string[] } | undefined {
  const index = stepIndex(task);
  const last = task.executions.findLast(({ outcome }) => outcome === 'completed');
  const by = last?.step === undefined ? undefined : task.workflow?.[last.step];
  if (by === undefined || last?.sent_back === undefined || (last.step ?? 0) <= index) return undefined;
  return { by, reasons: last.sent_back };
}

/** The last ended execution of the current step, if it was completed since the task was started. */
function completedBefore(task: TaskRecord): Execution | undefined {
  const index = stepIndex(task);
  const since = task.started_at ?? '';
  const last = task.executions.findLast(
    ({ step, outcome, started_at: at }) => step === index && outcome !== undefined && at >= since,
  );
  return last?.outcome === 'completed' ? last : undefined;
}

/** The session of a completed execution of the current step: the agent continues in it. */
export function formerSession(task: TaskRecord): string | undefined {
  const former = completedBefore(task);
  return former?.resumable === false ? undefined : former?.session_id;
}

/** True if an earlier execution completed the current step: a review sent the work back, or reviews it again. */
export function isNewRound(task: TaskRecord): boolean {
  return task.workflow !== undefined && completedBefore(task) !== undefined;
}

/** Makes another step the work of the task. `tool` is always the agent of the current step. */
export function moveTo(task: TaskRecord, { to }: Move): TaskPatch {
  const next = task.workflow?.[to];
  return next === undefined ? {} : { step: to, tool: next.agent, assigned_to: undefined, progress: undefined };
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

/**
 * Gives the task other steps; null makes it an ordinary task. Finished steps stay finished, so that only the steps from
 * the current one on may change in a task that has begun.
 *
 * @throws TaskError `IllegalTransition` if a finished step would change
 */
export function replaceSteps(task: TaskRecord, workflow: readonly WorkflowStep[] | null): TaskPatch {
  // A completed or cancelled task starts again at its first step.
  const over = task.status === 'completed' || task.status === 'cancelled';
  const done = over ? 0 : stepIndex(task);
  if (done > 0) {
    const same = (step: WorkflowStep, index: number): boolean =>
      JSON.stringify(step) === JSON.stringify(workflow?.[index]);
    if (workflow === null || workflow.length <= done || !(task.workflow ?? []).slice(0, done).every(same)) {
      throw new TaskError('IllegalTransition', `The first ${done} phases of #${task.number} are finished.`, {
        next: [textStep('Repeat them unchanged, and change the phases from the current one on.')],
      });
    }
  }
  return workflow === null
    ? { workflow: undefined, step: undefined }
    : { workflow: [...workflow], step: done === 0 ? undefined : done, tool: workflow[done]?.agent ?? task.tool };
}

/** A completed step before the current one, with the message and note of its agent. */
export interface Handoff {
  readonly step: WorkflowStep;
  readonly message: string;
  readonly note?: HandoffNote | undefined;
}

/** The notes of the completed steps, in their order. */
export function handoffsOf(task: TaskRecord): Handoff[] {
  return (task.workflow ?? []).slice(0, stepIndex(task)).flatMap((step, index) => {
    const last = task.executions.findLast((each) => each.step === index && each.outcome === 'completed');
    return last?.handoff === undefined ? [] : [{ step, message: last.handoff, note: last.note }];
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
