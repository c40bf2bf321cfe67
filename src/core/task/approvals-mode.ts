import { z } from 'zod';

/** The parts of a task that determine who decides. */
interface Asking {
  readonly constraints: { readonly approvals?: ApprovalsMode | undefined };
  readonly executions: readonly { readonly approvals?: ApprovalsMode | undefined }[];
}

/**
 * The decider of an agent's requests:
 * - `ask`: the agent asks before it changes a file or runs a command, and a person or a rule answers.
 * - `agent`: the agent keeps its own permission mode and asks according to it.
 * - `none`: no person is asked. Tool limits and deny or ask rules still apply.
 */
export const approvalsModes = ['ask', 'agent', 'none'] as const;
export type ApprovalsMode = (typeof approvalsModes)[number];

export const DEFAULT_APPROVALS: ApprovalsMode = 'ask';

export const approvalsModeSchema = z.enum(approvalsModes);

/** True if `after` permits more without a person than `before`; undefined is the default. */
export function asksLess(before: ApprovalsMode | undefined, after: ApprovalsMode | undefined): boolean {
  const rank = (mode: ApprovalsMode | undefined): number => approvalsModes.indexOf(mode ?? DEFAULT_APPROVALS);
  return rank(after) > rank(before);
}

/** The decider of a task: its own, or that of its last execution. Undefined if its agent's default is unknown. */
export function approvalsOf({ constraints, executions }: Asking): ApprovalsMode | undefined {
  return constraints.approvals ?? executions.at(-1)?.approvals;
}
