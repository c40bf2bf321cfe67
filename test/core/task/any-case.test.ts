import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planSchema } from '../../../src/core/plan/plan.ts';
import { createTaskSchema, parseInput } from '../../../src/core/task/create.ts';
import { taskFilterSchema } from '../../../src/core/task/filter.ts';

describe('the vocabulary of an input', () => {
  it('is case-insensitive, also in lists and nested items', () => {
    assert.equal(parseInput(createTaskSchema, { title: 'One', priority: 'HIGH' }).priority, 'high');
    const filter = parseInput(taskFilterSchema, { status: ['In-Progress', 'FAILED'] });
    assert.deepEqual(filter.status, ['in_progress', 'failed']);
    assert.equal(parseInput(taskFilterSchema, { status: 'Paused' }).status, 'paused');
    const items = [
      { key: 'a', title: 'A', kind: 'Work', children: [{ key: 'b', title: 'B', kind: 'work', priority: 'Low' }] },
    ];
    const plan = parseInput(planSchema, { items });
    assert.deepEqual([plan.items[0]?.kind, plan.items[0]?.children?.[0]?.priority], ['work', 'low']);
    assert.equal(items[0]?.kind, 'Work', 'the value of the caller is unchanged');
  });

  it('gets suggestions for misspelled words', () => {
    assert.throws(() => parseInput(createTaskSchema, { title: 'One', priority: 'hihg' }), {
      message: 'priority: must be one of critical, high, medium, low. Did you mean "high"?',
    });
    assert.throws(() => parseInput(createTaskSchema, { title: 'One', priority: 'urgent' }), {
      message: 'priority: must be one of critical, high, medium, low',
    });
  });
});
