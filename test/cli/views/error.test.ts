import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Output } from '../../../src/cli/terminal/output.ts';
import { printError } from '../../../src/cli/views/error.ts';
import { TaskError } from '../../../src/core/errors.ts';
import { operationStep, shellStep, textStep } from '../../../src/core/next-step.ts';

/** The lines that an error prints for a person. */
function linesOf(error: TaskError): string[] {
  const lines: string[] = [];
  const out = { note: (text: string) => lines.push(...text.split('\n')), noteStyle: (_: string, text: string) => text };
  printError(error, out as unknown as Output, false);
  return lines;
}

test('an error ends with its next step, with the command alone on its line', () => {
  for (const next of [
    [operationStep('Cancel it first', 'task.cancel', { tasks: [3] })],
    [shellStep('Install it', 'npm install -g opencode-ai')],
    [textStep('Free disk space, and try again.'), operationStep('Check the store', 'doctor', {})],
  ]) {
    const [message, ...steps] = linesOf(new TaskError('TaskRunning', 'Task #3 is running.', { next }));
    assert.equal(message, 'error: Task #3 is running.');
    const commands = steps.filter((line) => /\b(?:systemprompt|npm) /.test(line));
    assert.deepEqual(commands, [steps.at(-1)]);
    for (const command of commands) assert.match(command, /^ +(?:systemprompt|npm) [^:]+$/);
  }
});

test('an error without a next step is its message alone', () => {
  assert.deepEqual(linesOf(new TaskError('Internal', 'It failed.')), ['error: It failed.']);
});
