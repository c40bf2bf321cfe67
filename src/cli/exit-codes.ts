import type { ErrorCode, TaskError } from '../core/errors.ts';

/** The exit codes. Documented in docs/cli.md; scripts rely on them. */
export const exitCodes = {
  done: 0,
  /** It was tried and did not work: the task failed, the agent is not installed, the folder cannot be written. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  notFound: 3,
  /** The status of the task forbids the action, or another process was faster. */
  conflict: 4,
  /** Ctrl-C, as shells have it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const usage: ReadonlySet<ErrorCode> = new Set(['InvalidInput', 'TooLarge', 'AmbiguousTask']);
const notFound: ReadonlySet<ErrorCode> = new Set([
  'TaskNotFound',
  'AgentNotFound',
  'ApprovalNotFound',
  'DependencyMissing',
  'CheckpointNotFound',
]);
const conflict: ReadonlySet<ErrorCode> = new Set([
  'IllegalTransition',
  'DependencyCycle',
  'RevisionConflict',
  'LeaseLost',
  'TaskRunning',
  'SessionClosed',
  'NothingToReview',
  'NothingToCheckpoint',
  'RestoreRefused',
  'MergeConflict',
  'MergeRefused',
  'NotConfirmed',
  'ChangedSinceShown',
  'NoSafeRule',
  'SettingsBusy',
  'StoreNewer',
]);

export function exitCodeOf(error: TaskError): ExitCode {
  if (usage.has(error.code)) return exitCodes.usage;
  if (notFound.has(error.code)) return exitCodes.notFound;
  if (conflict.has(error.code)) return exitCodes.conflict;
  return exitCodes.failed;
}
