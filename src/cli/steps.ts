import type { StepOptions, Stopped } from '../core/steps.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Output } from './terminal/output.ts';

/** Ctrl-C stops an operation between two steps. Shows the current step. */
export function stepOptions({
  interrupted,
  out,
}: {
  readonly interrupted: () => AbortSignal;
  readonly out: Output;
}): StepOptions {
  return {
    signal: interrupted(),
    progress: ({ done, total, message }) => out.progress(`${done + 1} of ${total}: ${message}`),
  };
}

/** The exit code of an operation with steps. */
export function exitCodeOfSteps({ stopped }: { readonly stopped: Stopped | null }): ExitCode {
  return stopped === null ? exitCodes.done : exitCodes.interrupted;
}

/** The last line about a stopped operation; undefined for a complete one. */
export function stoppedLine(verb: string, { stopped }: { readonly stopped: Stopped | null }): string | undefined {
  return stopped === null ? undefined : `${verb} ${stopped.done} of ${stopped.total}; stopped.`;
}
