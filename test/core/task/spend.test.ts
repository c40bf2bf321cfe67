import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Execution, TaskRecord } from '../../../src/core/task/schema.ts';
import { recoverSpend, spentInSession } from '../../../src/core/task/spend.ts';

const execution = (id: string, session_id: string, usage?: Execution['usage']): Execution => ({
  id,
  agent: 'CODEX',
  worker: 'w',
  started_at: '2026-01-01T00:00:00.000Z',
  session_id,
  ...(usage === undefined ? {} : { usage }),
});
const task = (...executions: Execution[]): TaskRecord => ({ executions }) as unknown as TaskRecord;
const tokens = (input_tokens: number, output_tokens: number): NonNullable<Execution['usage']> => ({
  input_tokens,
  output_tokens,
  total_tokens: input_tokens + output_tokens,
});

describe('the spend of an execution that was cut off', () => {
  it("is what the session's record has more than its other executions, and a lower bound", () => {
    const before = task(
      execution('a', 's', tokens(100, 10)),
      execution('b', 'other', tokens(7, 7)),
      execution('c', 's'),
    );
    const { usage, executions } = recoverSpend(before, 'c', tokens(300, 30));
    assert.deepEqual(executions?.at(-1)?.usage, { ...tokens(200, 20), estimated: true });
    assert.deepEqual(usage, { ...tokens(307, 37), estimated: true });
  });

  it('is never less than what was reported, and is marked without a record, too', () => {
    const before = task(execution('a', 's', tokens(100, 10)));
    assert.deepEqual(recoverSpend(before, 'a', tokens(50, 5)).usage, { ...tokens(100, 10), estimated: true });
    assert.deepEqual(recoverSpend(before, 'a', undefined).usage, { ...tokens(100, 10), estimated: true });
  });

  it('of a script is not touched', () => {
    const script = task({ ...execution('a', 's'), resumable: false });
    assert.deepEqual(recoverSpend(script, 'a', undefined), {});
  });

  it('of a session is the sum of its executions in this task', () => {
    const all = task(execution('a', 's', tokens(100, 10)), execution('b', 's', tokens(1, 1)), execution('c', 'x'));
    assert.equal(spentInSession(all, 's')?.total_tokens, 112);
    assert.equal(spentInSession(all, 'elsewhere'), undefined);
  });
});
