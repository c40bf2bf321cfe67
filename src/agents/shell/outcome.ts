import { textStep } from '../../core/next-step.ts';
import type { AgentEnd, TurnOutcome } from '../../core/task/turn.ts';
import type { Redact } from '../../core/text/redact.ts';
import type { StderrTail } from '../stderr-tail.ts';

const codeAdvice: Readonly<Record<number, string>> = {
  126: 'A command in it is not executable: check its permissions.',
  127: 'A command in it was not found: check its name and PATH.',
};

/** The outcome of a script by its exit code and signal, never by its output. */
export function scriptOutcome(end: AgentEnd, cancelled: boolean, stderr: StderrTail, redact: Redact): TurnOutcome {
  if (cancelled) return { kind: 'cancelled', stopReason: 'cancelled', end };
  if (end.signal !== undefined) {
    return {
      kind: 'failed',
      stopReason: 'signal',
      error: `The script was ended by the signal ${end.signal}${redact(stderr.suffix)}`,
      errorCode: 'KilledBySignal',
      next: [
        textStep(
          `Another process ended it${end.signal === 'SIGKILL' ? ', perhaps the system when memory ran out' : ''}. Restart the task.`,
        ),
      ],
      end,
    };
  }
  const exitCode = end.exitCode ?? 0;
  if (exitCode === 0) return { kind: 'completed', stopReason: 'exit', result: { exitCode }, end };
  return {
    kind: 'failed',
    stopReason: 'exit',
    error: `The script ended with exit code ${exitCode}${redact(stderr.suffix)}`,
    errorCode: 'ExitCodeNonZero',
    next: [textStep(adviceFor(exitCode))],
    end,
  };
}

function adviceFor(exitCode: number): string {
  const known = codeAdvice[exitCode];
  if (known !== undefined) return known;
  if (exitCode > 128 && exitCode < 160) {
    const memory = exitCode === 137 ? ' (SIGKILL: out of memory, perhaps)' : '';
    return `A command in it was ended by signal ${exitCode - 128}${memory}; its log has the last lines.`;
  }
  return 'Read the end of its log, change the instructions or the files, and restart the task.';
}
