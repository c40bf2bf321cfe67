import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pendingApprovals } from '../../../src/core/task/approval.ts';
import { decideApproval, findApproval } from '../../../src/core/task/decide.ts';
import type { TaskPatch } from '../../../src/core/task/lifecycle.ts';
import { transition } from '../../../src/core/task/lifecycle.ts';
import { isReady } from '../../../src/core/task/ready.ts';
import { claim, interrupt } from '../../../src/core/task/run.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { cancel, complete } from '../../../src/core/task/session.ts';
import { requestStart, restart } from '../../../src/core/task/start.ts';
import { at, executionOf, finder, leaseOf, newTask, nothing, patched, refusal, taskId, taskWith } from '../fixtures.ts';

type Step = (task: TaskRecord) => TaskPatch;

/** A task after some steps. */
function after(task: TaskRecord, ...steps: Step[]): TaskRecord {
  return steps.reduce((current, step) => patched(current, step(current)), task);
}

const start: Step = (task) => requestStart(task, at(1_000));
const again: Step = (task) => restart(task, at(9_000));
const stop: Step = (task) => cancel(task, at(5_000));
const run: Step = (task) => claim(task, leaseOf('w1'), executionOf('e1'), at(2_000));
const die: Step = (task) => interrupt(task, at(4_000));
const releaseTask: Step = () => ({ lease: undefined });
const approve: Step = (task) =>
  decideApproval(task, findApproval(task, undefined), { approve: true, by: 'Ada' }, at(1_500));

const gated = newTask({ requiresApproval: true });
const waits = (task: TaskRecord): boolean => pendingApprovals(task).length > 0 && task.pause_reason === 'approval';

describe('starting a task', () => {
  test('queues it, and a second start keeps its place (F157)', () => {
    const queued = after(newTask(), start);
    assert.equal(queued.queued_at, at(1_000));
    assert.equal(isReady(queued, nothing), true);
    assert.deepEqual(requestStart(queued, at(2_000)), { queued_at: at(1_000) });
  });

  test('queues an interrupted task for a resume (F128)', () => {
    const begin = ({ executions }: TaskRecord): TaskPatch => ({
      executions: executions.map((execution) => ({ ...execution, resumable: false })),
    });
    const interrupted = after(newTask(), start, run, begin, die);
    assert.equal(isReady(interrupted, nothing), false, 'a script that has begun waits for a person');
    assert.equal(isReady(after(newTask(), start, run, die), nothing), true, 'what did nothing yet goes on by itself');
    const queued = after(interrupted, start);
    assert.deepEqual([queued.status, isReady(queued, nothing)], ['paused', true]);
  });

  test('releases a task that a person held before its first run', () => {
    const put = (task: TaskRecord): TaskPatch => transition(task, 'paused', { at: at(500) });
    const released = after(newTask(), put, start);
    assert.deepEqual([released.status, isReady(released, nothing)], ['pending', true]);
  });

  for (const status of ['in_progress', 'completed_active', 'completed', 'failed', 'cancelled'] as const) {
    test(`is refused for a task that is ${status}, with the command to use instead`, () => {
      const error = refusal(() => requestStart(taskWith({ status }), at(1)), 'IllegalTransition');
      assert.match(error.message, new RegExp(`#1 is ${status}`));
      assert.ok(error.next.length > 0);
    });
  }

  test('is refused for a group', () => {
    assert.match(
      JSON.stringify(refusal(() => requestStart(newTask({ kind: 'group' }), at(1)), 'IllegalTransition').next),
      /in it/,
    );
  });
});

describe('a restart', () => {
  for (const status of ['completed', 'failed', 'cancelled'] as const) {
    test(`queues a task that is ${status} (F213)`, () => {
      const fresh = after(taskWith({ status, completed_at: at(3) }), again);
      assert.deepEqual([fresh.status, fresh.queued_at, isReady(fresh, nothing)], ['pending', at(9_000), true]);
    });
  }

  test('is refused for a task that has not ended', () => {
    for (const status of ['pending', 'in_progress', 'paused', 'completed_active'] as const) {
      const error = refusal(() => restart(taskWith({ status }), at(1)), 'IllegalTransition');
      assert.match(error.message, new RegExp(`#1 is ${status}`));
      assert.ok(error.next.length > 0);
    }
  });

  test('keeps earlier executions and drops undelivered prompts', () => {
    const followUps = [{ id: 'p1', prompt: 'more', at: at(3) }];
    const before = after(newTask(), start, run, stop, () => ({ follow_ups: followUps }));
    const fresh = after(before, again);
    assert.equal(fresh.executions.length, 1);
    assert.deepEqual(fresh.follow_ups, []);
  });

  test('asks again for a gated task, regardless of earlier decisions', () => {
    const approved = after(gated, start, approve);
    assert.equal(isReady(approved, nothing), true);
    const fresh = after(approved, run, (task) => complete(task, at(4_000)), releaseTask, again);
    assert.deepEqual([fresh.status, waits(fresh), isReady(fresh, nothing)], ['paused', true, false]);
    assert.deepEqual(
      fresh.approvals.map((approval) => [approval.number, approval.status, approval.spent]),
      [
        [1, 'approved', true],
        [2, 'pending', undefined],
      ],
    );
    assert.equal(isReady(after(fresh, approve), nothing), true);
  });
});

describe('a started gated task always waits for a decision that a person can make', () => {
  const reopen: Step = (task) => transition(task, 'paused', { at: at(6_000) });

  for (const [what, steps] of [
    ['after it was cancelled at its gate and reopened', [start, stop, reopen, start]],
    [
      'after its gate was asked for while it was interrupted',
      [start, approve, run, die, stop, releaseTask, reopen, start],
    ],
    ['after it was restarted and its first worker died only then', [start, approve, run, stop, again, die, start]],
  ] as const) {
    test(what, () => {
      const task = after(gated, ...steps);
      assert.ok(isReady(task, nothing) || waits(task), `${task.status} (${task.pause_reason})`);
    });
  }

  test('after a gate was added to an interrupted task', () => {
    const interrupted = after(newTask(), start, run, die);
    const task = after({ ...interrupted, approval: { required: true } }, start);
    assert.equal(waits(task), true);
    const released = after(task, approve);
    assert.deepEqual([isReady(released, nothing), released.executions.length], [true, 1]);
  });
});

describe('a worker may claim a task if', () => {
  const ready = after(newTask(), start);
  const done = taskWith({ id: taskId('task_d'), status: 'completed' });
  const open = taskWith({ id: taskId('task_o'), status: 'completed_active' });
  const find = finder([done, open]);

  for (const [what, fields, expected] of [
    ['it was asked for', {}, true],
    ['not when nobody asked', { queued_at: undefined }, false],
    ['not when another has it', { lease: leaseOf('w2') }, false],
    ['not when it is a group', { kind: 'group' as const }, false],
    ['not when it is archived', { archived_at: at(3) }, false],
    ['not when its gate is closed', { approval: { required: true } }, false],
    ['not when it waits for a decision', { status: 'paused', pause_reason: 'approval' }, false],
    ['it is paused and was asked for', { status: 'paused', pause_reason: 'interrupted' }, true],
    ['not when it runs', { status: 'in_progress' }, false],
    ['not when it has ended', { status: 'completed' }, false],
    ['its dependencies are completed (F151)', { depends_on: [done.id] }, true],
    ['not when one of them is not (F150)', { depends_on: [done.id, open.id] }, false],
    ['not when one of them is gone', { depends_on: [taskId('task_gone')] }, false],
  ] as const) {
    test(what, () => assert.equal(isReady({ ...ready, ...fields } as TaskRecord, find), expected));
  }
});
