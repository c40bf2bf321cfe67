import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cloneFields } from '../../../src/core/task/clone.ts';
import { newTaskRecord } from '../../../src/core/task/create.ts';
import { at, newTask, taskWith } from '../fixtures.ts';

test('a copy has every field that a person decides about', () => {
  const task = newTask({
    title: 'Fix the login test',
    description: 'It fails on Mondays.',
    instructions: 'npm test',
    assignee: 'sonnet',
    priority: 'high',
    project: 'Web',
    labels: ['api'],
    constraints: { max_tokens: 10_000, allowed_tools: ['web_search'] },
    acceptanceCriteria: ['It passes.'],
    review: 'required',
    isolation: 'none',
    onComplete: 'merge',
    checkpointMinutes: 5,
    requiresApproval: true,
    approver: 'Ada',
  });
  const copy = newTaskRecord(cloneFields(task), at(0), task.id);
  const { number: _number, revision: _revision, ...original } = task;
  assert.deepEqual(copy, original);
});

test('a copy has nothing of the life of the original', () => {
  const lived = taskWith({
    status: 'failed',
    error: 'It broke.',
    active_ms: 5_000,
    usage: { total_tokens: 100 },
    queued_at: at(0),
    history: [{ from: 'pending', to: 'failed', at: at(0), reason: 'error' }],
  });
  const copy = newTaskRecord(cloneFields(lived), at(0));
  assert.equal(copy.status, 'pending');
  assert.deepEqual([copy.history, copy.active_ms, copy.queued_at, copy.usage, copy.error], [[], 0, ...Array(3)]);
});
