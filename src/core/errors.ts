import type { NextStep } from './next-step.ts';

/**
 * Codes of all errors. Programs match on the code. The message explains what happened and why, and `next` lists what a
 * person can do. Nothing in the product matches on message text.
 */
export type ErrorCode =
  | 'InvalidInput'
  | 'TaskNotFound'
  | 'AmbiguousTask'
  | 'IllegalTransition'
  | 'DependencyCycle'
  | 'DependencyMissing'
  | 'RevisionConflict'
  | 'LeaseLost'
  | 'SessionClosed'
  | 'ApprovalNotFound'
  | 'ApprovalRejected'
  | 'NotApprover'
  | 'TaskRunning'
  | 'AgentNotFound'
  | 'AgentUnavailable'
  | 'AgentCrashed'
  | 'AgentFailed'
  | 'AgentRefused'
  | 'AgentProtocolError'
  | 'ModelUnavailable'
  | 'RateLimited'
  | 'ToolPermissionDenied'
  | 'ExitCodeNonZero'
  | 'CheckFailed'
  | 'PartFailed'
  | 'KilledBySignal'
  | 'TokenLimitExceeded'
  | 'CostLimitExceeded'
  | 'TimeLimitExceeded'
  | 'IterationLimitExceeded'
  | 'Interrupted'
  | 'GitFailed'
  | 'WorktreeConflict'
  | 'WorktreeMissing'
  | 'WorktreeUnavailable'
  | 'NothingToReview'
  | 'CheckpointNotFound'
  | 'NothingToCheckpoint'
  | 'RestoreRefused'
  | 'MergeConflict'
  | 'MergeRefused'
  | 'NotConfirmed'
  | 'ChangedSinceShown'
  | 'NoSafeRule'
  | 'SettingsBusy'
  | 'SettingsUnreadable'
  | 'StoreNewer'
  | 'StoreNotWritable'
  | 'StoreClosed'
  | 'TimedOut'
  | 'TooLarge'
  | 'Untrusted'
  | 'Internal';

export interface ErrorOptions {
  /** Next steps for a person, the best first. */
  readonly next?: readonly NextStep[] | undefined;
  readonly cause?: unknown;
  /** Machine-readable extras, for example the candidates of an ambiguous title. */
  readonly details?: Record<string, unknown> | undefined;
}

/**
 * An error for a person or a program.
 *
 * @example
 * try {
 *   store.resolve('99');
 * } catch (error) {
 *   if (!TaskError.is(error, 'TaskNotFound')) throw error;
 *   console.log(error.next);
 * }
 */
export class TaskError extends Error {
  readonly code: ErrorCode;
  readonly next: readonly NextStep[];
  readonly details: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'TaskError';
    this.code = code;
    this.next = options.next ?? [];
    this.details = options.details;
  }

  /** True for a TaskError, and for one of the given codes if any are given. */
  static is(error: unknown, ...codes: ErrorCode[]): error is TaskError {
    return error instanceof TaskError && (codes.length === 0 || codes.includes(error.code));
  }

  /** Wraps any thrown value, so that every face can print `{ code, message, next }`. */
  static from(error: unknown): TaskError {
    if (error instanceof TaskError) return error;
    const message = error instanceof Error ? error.message : String(error);
    return new TaskError('Internal', message, { cause: error });
  }
}
