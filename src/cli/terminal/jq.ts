import { spawnSync } from 'node:child_process';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { sanitizeText } from '../../core/text/sanitize.ts';
import type { Output } from './output.ts';

/** Bytes of an answer at most. */
const MAX_ANSWER = 256 * 1024 * 1024;

/**
 * The same output, with everything that it prints as JSON filtered by an expression. The `jq` program of the machine
 * evaluates it; texts are printed without quotes, as `jq --raw-output` does.
 *
 * @throws TaskError `InvalidInput` on the first value, without the program and for an invalid expression
 */
export function withJq(out: Output, expression: string): Output {
  const filtered = (value: unknown): void => {
    const answer = evaluate(expression, value);
    if (answer !== '') out.print(sanitizeText(answer.replace(/\n$/, '')));
  };
  return { ...out, json: filtered, jsonLine: filtered };
}

function evaluate(expression: string, value: unknown): string {
  // With a space in front, no expression is an option of the program.
  const { status, stdout, stderr, error } = spawnSync('jq', ['--raw-output', ` ${expression}`], {
    input: JSON.stringify(value),
    encoding: 'utf8',
    maxBuffer: MAX_ANSWER,
  });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') {
    throw new TaskError('InvalidInput', 'The program jq is not installed.', {
      next: [textStep('Install it, or choose fields with --fields.')],
    });
  }
  if (status === 0) return stdout;
  const reason = sanitizeText(error?.message ?? stderr.trim());
  throw new TaskError('InvalidInput', `jq could not apply the expression: ${reason}`, {
    next: [textStep('Correct the expression, for example --jq ".tasks[].title".')],
  });
}
