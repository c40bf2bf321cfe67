import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exitCodeOf } from '../../src/cli/exit-codes.ts';
import { hasEnded, standsStill } from '../../src/cli/follow.ts';
import { type ErrorCode, TaskError } from '../../src/core/errors.ts';
import { ownIdentity } from '../../src/machine/identity.ts';
import { at, taskWith } from '../core/fixtures.ts';

describe('exit codes', () => {
  it('match the kind of the error', () => {
    const expected: Record<number, ErrorCode[]> = {
      1: [
        'Internal',
        'AgentUnavailable',
        'AgentCrashed',
        'StoreNotWritable',
        'NotApprover',
        'Untrusted',
        'StoreClosed',
      ],
      2: ['InvalidInput', 'TooLarge', 'AmbiguousTask'],
      3: ['TaskNotFound', 'AgentNotFound', 'ApprovalNotFound', 'DependencyMissing'],
      4: [
        'IllegalTransition',
        'DependencyCycle',
        'RevisionConflict',
        'LeaseLost',
        'TaskRunning',
        'SessionClosed',
        'StoreNewer',
      ],
    };
    for (const [exit, codes] of Object.entries(expected)) {
      for (const code of codes) assert.equal(exitCodeOf(new TaskError(code, 'x')), Number(exit), code);
    }
  });
});

describe('waiting for a task', () => {
  it('ends when no task can continue automatically, and includes questions to a person', () => {
    const still = (fields: Parameters<typeof taskWith>[0]): boolean => standsStill(taskWith(fields));
    for (const status of ['completed', 'failed', 'cancelled', 'completed_active'] as const)
      assert.ok(still({ status }));
    const lease = { ...ownIdentity(), worker: 'w1', expires_at: new Date(Date.now() + 3_600_000).toISOString() };
    for (const status of ['completed', 'failed', 'cancelled'] as const) {
      assert.ok(!still({ status, lease }), 'its worktree cannot be merged yet');
      assert.ok(!hasEnded(taskWith({ status, lease })));
      assert.ok(still({ status, lease: { ...lease, started: '1' } }), 'its worker is gone');
      const elsewhere = { ...lease, host: 'elsewhere', boot: 'another' };
      assert.ok(still({ status, lease: { ...elsewhere, expires_at: at(0) } }), 'its worker is silent');
    }
    assert.ok(still({ status: 'completed_active', lease }), 'its session stays open');
    assert.ok(!still({ status: 'paused', pause_reason: 'person', lease }), 'it cannot be resumed yet');
    assert.ok(still({ status: 'pending' }), 'somebody took it out of the queue');
    for (const pause_reason of ['person', 'interrupted', 'budget'] as const)
      assert.ok(still({ status: 'paused', pause_reason }));
    assert.ok(!still({ status: 'pending', queued_at: at(0) }));
    assert.ok(!still({ status: 'in_progress' }));
    for (const pause_reason of ['approval'] as const) assert.ok(!still({ status: 'paused', pause_reason }));
    assert.ok(!still({ status: 'paused', pause_reason: 'interrupted', queued_at: at(0) }), 'it resumes by itself');
  });
});
