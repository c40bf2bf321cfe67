import type { TaskError } from '../../core/errors.ts';
import type { NextStep } from '../../core/next-step.ts';
import { sanitizeText } from '../../core/text/sanitize.ts';
import type { Output } from '../terminal/output.ts';
import { stepLines } from './next-step.ts';

/** The error as `--json` prints it, on stdout like every result. `details` has data for programs beyond the message. */
export function errorJson(error: TaskError): {
  error: { code: string; message: string; next: readonly NextStep[]; details?: Record<string, unknown> };
} {
  const { code, message, next, details } = error;
  return { error: { code, message, next, ...(details === undefined ? {} : { details }) } };
}

/** For a person, on stderr: the error, then each next step with its command on its own line. */
export function printError(error: TaskError, out: Output, json: boolean): void {
  if (json) {
    out.json(errorJson(error));
    return;
  }
  out.note(`${out.noteStyle('red', 'error:')} ${sanitizeText(error.message)}`);
  for (const line of stepLines(error.next)) out.note(`  ${line}`);
}
