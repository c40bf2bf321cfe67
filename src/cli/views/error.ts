import type { TaskError } from '../../core/errors.ts';
import { sanitizeText } from '../../core/text/sanitize.ts';
import type { Output } from '../terminal/output.ts';

/** The error as `--json` prints it, on stdout like every result. `details` has what a program needs beyond the words. */
export function errorJson(error: TaskError): {
  error: { code: string; message: string; hint: string | null; details?: Record<string, unknown> };
} {
  const { code, message, hint = null, details } = error;
  return { error: { code, message, hint, ...(details === undefined ? {} : { details }) } };
}

/** For a person, on stderr: what happened, and what to do about it. */
export function printError(error: TaskError, out: Output, json: boolean): void {
  if (json) {
    out.json(errorJson(error));
    return;
  }
  out.note(`${out.noteStyle('red', 'error:')} ${sanitizeText(error.message)}`);
  if (error.hint !== undefined) out.note(`  ${sanitizeText(error.hint)}`);
}
