import { TaskError } from '../errors.ts';
import { textStep } from '../next-step.ts';
import type { TaskRecord } from './schema.ts';

type Mode = Pick<TaskRecord, 'collaboration_mode'>;

/** True if only a person completes the task. */
export function needsAcceptance(task: Pick<TaskRecord, 'review'> & Mode): boolean {
  return task.review === 'required' || task.collaboration_mode === 'assisted';
}

/** The line at the end of a proposal after which the agent has nothing left to do. */
const FINAL_LINE = 'TASK DONE';

/** True if the agent proposes no further step. */
export function isFinal(message: string): boolean {
  const last = message.trimEnd().split('\n').at(-1) ?? '';
  return last.replace(/[^A-Za-z ]/g, '').trim() === FINAL_LINE;
}

/** Instructions for the agent of an assisted task, as a part of its first prompt. */
export function collaborationOrder(task: Mode): string[] {
  if (task.collaboration_mode !== 'assisted') return [];
  return [
    `## Working with a person\n\nA person reviews each step. Begin with a proposal: describe your first step and end your turn before you change anything. The person replies with feedback or with "${CONTINUE}". Then do the step, report the result, propose the next step and end your turn. If nothing is left to do, end your message with the line ${FINAL_LINE}.`,
  ];
}

/** The prompt that accepts a proposal without feedback. */
export const CONTINUE = 'Continue with your proposal.';

/** The reply to a question of the agent in an autonomous task. */
export const DECIDE_YOURSELF =
  'No person answers questions during this task. Decide as you think best, and continue without asking again.';

/**
 * Checks that a task can have its mode.
 *
 * @throws TaskError `InvalidInput` for a script, which cannot stop or ask, and for an assisted workflow
 */
export function requireMode(task: Mode & Pick<TaskRecord, 'tool' | 'workflow'>): void {
  const { collaboration_mode: mode, tool, workflow } = task;
  if (mode === undefined || mode === 'autonomous') return;
  if (tool === 'SHELL' && workflow === undefined) {
    throw new TaskError('InvalidInput', `A script runs without stops, so that its task cannot be ${mode}.`, {
      next: [textStep('Choose another agent, or the mode autonomous.')],
    });
  }
  if (mode === 'assisted' && workflow !== undefined) {
    throw new TaskError('InvalidInput', 'A task with phases cannot be assisted: it stops at the gates of its phases.', {
      next: [textStep('Give the phases a gate, or choose the mode supervised.')],
    });
  }
}
