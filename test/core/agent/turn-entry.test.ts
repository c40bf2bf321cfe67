import assert from 'node:assert/strict';
import { test } from 'node:test';
import { turnEntry } from '../../../src/core/agent/turn-entry.ts';
import { textStep } from '../../../src/core/next-step.ts';

test('the end of a turn is described in words', () => {
  const said = (stopReason: string, end = {}): string => turnEntry({ kind: 'completed', stopReason, end }).message;
  assert.equal(said('exit', { exitCode: 0 }), 'The script ended with exit code 0.');
  assert.equal(said('end_turn'), 'The agent has ended its turn.');
  assert.equal(said('something_new'), 'The turn ended: something_new.');
  assert.equal(turnEntry({ kind: 'cancelled', stopReason: 'cancelled' }).message, 'The turn was cancelled.');
});

test('a failure is logged with its code and its next steps', () => {
  const outcome = { kind: 'failed', stopReason: 'exit', error: 'It broke.', errorCode: 'ExitCodeNonZero' } as const;
  const entry = turnEntry({ ...outcome, next: [textStep('Mend it.')] });
  assert.deepEqual([entry.level, entry.message], ['error', 'It broke.']);
  assert.deepEqual(entry.metadata?.next, [textStep('Mend it.')]);
  assert.deepEqual(entry.metadata?.error, { code: 'ExitCodeNonZero', message: 'It broke.' });
});
