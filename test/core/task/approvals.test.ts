import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Approval, ApprovalDecision } from '../../../src/core/task/approval.ts';
import { gateIsOpen, pendingApprovals } from '../../../src/core/task/approval.ts';
import { decideApproval, findApproval } from '../../../src/core/task/decide.ts';
import { transition } from '../../../src/core/task/lifecycle.ts';
import { addApproval, expireApprovals, requestApproval } from '../../../src/core/task/request.ts';
import { limits, type TaskRecord, taskRecordSchema } from '../../../src/core/task/schema.ts';
import { requestStart } from '../../../src/core/task/start.ts';
import { at, newTask, patched, refusal } from '../fixtures.ts';

const running = patched(newTask(), transition(newTask(), 'in_progress', { at: at(1_000) }));

function asking(task: TaskRecord, title: string, ms = 2_000): TaskRecord {
  return patched(task, requestApproval(task, { kind: 'tool', title, executionId: 'e1' }, at(ms)).patch);
}

function decide(task: TaskRecord, decision: Partial<ApprovalDecision>, request?: number): TaskRecord {
  const full = { approve: true, by: 'Ada <ada@example.org>', ...decision };
  return patched(task, decideApproval(task, findApproval(task, request), full, at(3_000)));
}

const held = (approver?: string): TaskRecord => {
  const task = newTask(approver === undefined ? { requiresApproval: true } : { approver });
  return patched(task, requestStart(task, at(1_000)));
};

const states = (task: TaskRecord): Approval['status'][] => task.approvals.map((approval) => approval.status);

describe('a request while the agent is running', () => {
  test('pauses the task until the decision, and the wait does not count as work', () => {
    const task = asking(running, 'Run npm test');
    assert.deepEqual([task.status, task.pause_reason, task.active_ms], ['paused', 'approval', 1_000]);
    assert.deepEqual(states(task), ['pending']);
    const decided = decide(task, {});
    assert.deepEqual(
      [decided.status, decided.pause_reason, decided.active_since],
      ['in_progress', undefined, at(3_000)],
    );
    assert.deepEqual(states(decided), ['approved']);
  });

  test('resumes after a rejection, which the agent receives (F206)', () => {
    const task = decide(asking(running, 'rm -rf'), { approve: false, notes: 'Use the trash' });
    assert.equal(task.status, 'in_progress');
    assert.equal(task.approvals[0]?.status, 'rejected');
    assert.equal(task.approvals[0]?.notes, 'Use the trash');
  });

  test('resumes the task only after all open requests are decided', () => {
    const two = asking(asking(running, 'one'), 'two');
    assert.deepEqual(
      two.approvals.map((approval) => approval.number),
      [1, 2],
    );
    const one = decide(two, {}, 2);
    assert.deepEqual([one.status, states(one)], ['paused', ['pending', 'approved']]);
    assert.equal(decide(one, {}).status, 'in_progress');
  });

  test('records the approver, the time, the comment and the scope of the decision', () => {
    const { approvals } = decide(asking(running, 'Run npm test'), { notes: 'fine', scope: 'task' });
    const { id: _id, ...kept } = approvals[0] ?? {};
    assert.deepEqual(kept, {
      number: 1,
      kind: 'tool',
      title: 'Run npm test',
      status: 'approved',
      requested_at: at(2_000),
      execution_id: 'e1',
      decided_at: at(3_000),
      decided_by: 'Ada <ada@example.org>',
      notes: 'fine',
      scope: 'task',
    });
  });

  test('does not change the status of a task that is not running', () => {
    const { patch, added } = requestApproval(newTask(), { kind: 'feedback', title: 'Which?' }, at(1));
    assert.equal(patch.status, undefined);
    assert.equal(added.status, 'pending');
  });

  test('truncates a very long title to the limit of a record', () => {
    assert.ok(taskRecordSchema.safeParse(asking(running, 'x'.repeat(9_000))).success);
  });
});

describe('a gate (F147, F204)', () => {
  test('holds a task before its first run, and asks once for any number of starts', () => {
    const task = held();
    assert.deepEqual([task.status, task.pause_reason, task.queued_at], ['paused', 'approval', at(1_000)]);
    assert.deepEqual(
      task.approvals.map(({ kind, status }) => [kind, status]),
      [['gate', 'pending']],
    );
    assert.deepEqual(requestStart(task, at(2_000)), {});
  });

  test('approved releases the task into the queue (F205)', () => {
    const task = decide(held(), {});
    assert.deepEqual([task.status, task.queued_at, gateIsOpen(task)], ['pending', at(1_000), true]);
    assert.match(task.history.at(-1)?.reason ?? '', /approved by Ada/);
  });

  test('fails the task with the reason of the rejecting person when rejected (F206)', () => {
    const task = decide(held(), { approve: false, notes: 'Need more tests' });
    assert.deepEqual([task.status, task.error_code], ['failed', 'ApprovalRejected']);
    assert.match(task.error ?? '', /Rejected by Ada <ada@example.org>: Need more tests\.$/);
    assert.match(JSON.stringify(task.error_next), /Restart it/);
    assert.equal(gateIsOpen(task), false);
  });

  test('names its approver in the request (F148)', () => {
    assert.match(held('team-lead').approvals[0]?.title ?? '', /team-lead decides/);
  });

  for (const by of ['team-lead', 'Team-Lead', 'team-lead <boss@example.org>', 'Ada <team-lead@example.org>']) {
    test(`with the approver team-lead accepts a decision by ${by}`, () => {
      assert.equal(decide(held('team-lead'), { by }).status, 'pending');
    });
  }

  for (const by of ['Ada <ada@example.org>', 'team', 'not-team-lead', 'x <team-lead2@example.org>', '', '<>']) {
    test(`with the approver team-lead refuses a decision by "${by}"`, () => {
      const error = refusal(() => decide(held('team-lead'), { by }), 'NotApprover');
      assert.match(JSON.stringify(error.next), /team-lead/);
      refusal(() => decide(held('team-lead'), { by, approve: false }), 'NotApprover');
    });
  }

  test('accepts its approver named by the full address', () => {
    assert.equal(decide(held('ada@example.org'), {}).status, 'pending');
    assert.equal(decide(held('Ada <ADA@example.org>'), {}).status, 'pending');
  });

  test('does not restrict decisions about a tool', () => {
    const task = { ...running, approval: { required: true, approver: 'team-lead' } };
    assert.equal(decide(asking(task, 'ls'), {}).status, 'in_progress');
  });

  test('counts as open if no approval is required', () => {
    assert.equal(gateIsOpen(newTask()), true);
    assert.equal(gateIsOpen({ approval: { required: false }, approvals: [] }), true);
    assert.equal(gateIsOpen(newTask({ requiresApproval: true })), false);
  });
});

describe('selecting a request', () => {
  const two = asking(asking(running, 'one'), 'two');

  test('needs no name for a single one, and finds any by number or id', () => {
    assert.equal(findApproval(asking(running, 'one'), undefined).title, 'one');
    assert.equal(findApproval(two, 2).title, 'two');
    assert.equal(findApproval(two, '1').title, 'one');
    assert.equal(findApproval(two, two.approvals[1]?.id).title, 'two');
  });

  test('needs a name for several and lists them', () => {
    const error = refusal(() => findApproval(two, undefined), 'AmbiguousTask');
    assert.match(JSON.stringify(error.next), /request 1 \(one\), request 2 \(two\)/);
  });

  test('refuses a missing or decided request', () => {
    refusal(() => findApproval(newTask(), undefined), 'ApprovalNotFound');
    refusal(() => findApproval(two, 3), 'ApprovalNotFound');
    const error = refusal(() => findApproval(decide(two, {}, 1), 1), 'ApprovalNotFound');
    assert.match(error.message, /approved already/);
    assert.match(JSON.stringify(error.next), /Ada/);
  });
});

test('open requests expire at the end of their run, and decided ones remain', () => {
  const task = decide(asking(asking(running, 'one'), 'two'), {}, 1);
  const after = patched(task, { approvals: expireApprovals(task, at(9_000)) });
  assert.deepEqual(states(after), ['approved', 'expired']);
  assert.equal(after.approvals[1]?.decided_at, at(9_000));
  assert.equal(pendingApprovals(after).length, 0);
});

test('request numbers increase beyond the number of kept requests', () => {
  let task = running;
  for (let i = 0; i < limits.history + 5; i += 1) task = decide(asking(task, `request ${i + 1}`), {});
  assert.equal(task.approvals.length, limits.history);
  assert.equal(task.approvals.at(-1)?.number, limits.history + 5);
});

test('open requests and the open gate are never dropped, for any number of requests', () => {
  let task = decide(held(), {});
  task = patched(task, transition(task, 'in_progress', { at: at(4_000) }));
  const waiting = addApproval(task, { kind: 'feedback', title: 'Which colour?' }, at(4_500));
  task = patched(task, { approvals: waiting.approvals });
  for (let i = 0; i < limits.history + 5; i += 1) {
    const { approvals } = addApproval(task, { kind: 'tool', title: 'ls' }, at(5_000));
    const decided = approvals.map((a) => (a.kind === 'tool' ? { ...a, status: 'approved' as const } : a));
    task = patched(task, { approvals: decided });
  }
  assert.equal(task.approvals.length, limits.history);
  assert.equal(gateIsOpen(task), true);
  assert.equal(findApproval(task, waiting.added.id).status, 'pending');
});
