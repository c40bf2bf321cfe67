import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WorkClock } from '../../../src/runtime/liveness/work-clock.ts';

const at = (ms: number): string => new Date(ms).toISOString();

describe('the work clock', () => {
  it('adds slices of the monotonic clock, not of the wall clock', () => {
    let now = 1_000;
    const clock = new WorkClock(() => now, Number.POSITIVE_INFINITY);
    const task = { active_ms: 500, active_since: at(0) };
    clock.observe(task);
    now += 15_000;
    const jumped = at(3_600_000);
    assert.deepEqual(clock.slice(task, jumped), { active_ms: 15_500, active_since: jumped });
    const next = { active_ms: 15_500, active_since: jumped };
    clock.observe(next);
    now += 1_000;
    const back = at(0);
    assert.deepEqual(clock.slice(next, back), { active_ms: 16_500, active_since: back });
  });

  it('adds nothing while the task is not working', () => {
    let now = 0;
    const clock = new WorkClock(() => now);
    const paused = { active_ms: 500 };
    clock.observe(paused);
    now += 15_000;
    assert.deepEqual(clock.slice(paused, at(1)), {});
    const resumed = { active_ms: 500, active_since: at(15_000) };
    assert.deepEqual(clock.slice(resumed, at(2)), {}, 'not observed yet');
    clock.observe(resumed);
    now += 10;
    assert.equal(clock.slice(resumed, at(3)).active_ms, 510);
  });

  it('limits a slice where the monotonic clock may run while the machine sleeps', () => {
    let now = 0;
    const clock = new WorkClock(() => now, 45_000);
    const task = { active_ms: 0, active_since: at(0) };
    clock.observe(task);
    now = 3_600_000;
    assert.equal(clock.slice(task, at(1)).active_ms, 45_000);
  });
});
