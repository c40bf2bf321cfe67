import assert from 'node:assert/strict';
import { it } from 'node:test';
import { hookEventOf, hookInput } from '../../../src/core/task/hook-event.ts';
import { requestApproval } from '../../../src/core/task/request.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { at, patched, taskWith } from '../fixtures.ts';

const running = taskWith({ status: 'in_progress', started_at: at(0) });
const event = (patch: Partial<TaskRecord>, before = running): string | undefined =>
  hookEventOf(before, { ...before, ...patch })?.event;

it('a change is an event once, and only if it concerns a person', () => {
  assert.equal(event({ status: 'completed' }), 'completed');
  assert.equal(event({ status: 'failed', error: 'x' }), 'failed');
  assert.equal(event({ status: 'completed_active' }), 'needs_you');
  assert.equal(event({ status: 'paused', pause_reason: 'budget' }), 'needs_you');
  assert.equal(event({ kind: 'group', race: {}, status: 'paused', pause_reason: 'person' }), 'needs_you');
  for (const patch of [
    { status: 'paused', pause_reason: 'person' },
    { status: 'cancelled' },
    { progress: 50 },
  ] as const)
    assert.equal(event(patch), undefined);
  assert.equal(event({ progress: 100 }, taskWith({ status: 'completed' })), undefined);
});

it('each new request is an event', () => {
  const { patch } = requestApproval(running, { kind: 'tool', title: 'Run npm test' }, at(1));
  const asking = patched(running, patch);
  assert.deepEqual(hookEventOf(running, asking), { event: 'needs_you', reason: 'Run npm test' });
  assert.equal(hookEventOf(asking, { ...asking, progress: 3 }), undefined);
});

it('the input of a hook is one line of JSON', () => {
  const text = hookInput({ event: 'failed', reason: 'a\nb' }, running, { at: at(1), folder: '/x' });
  assert.equal(text.trimEnd().split('\n').length, 1);
  const { task, ...rest } = JSON.parse(text);
  assert.deepEqual(rest, { event: 'failed', at: at(1), folder: '/x', reason: 'a\nb' });
  assert.deepEqual([task.number, task.agent, task.error], [1, 'SHELL', null]);
});
