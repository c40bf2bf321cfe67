import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { taskApprove } from '../../src/operations/approval/approve.ts';
import { taskReject } from '../../src/operations/approval/reject.ts';
import { runOperation } from '../../src/operations/operation.ts';
import { taskCreate } from '../../src/operations/task/create.ts';
import { taskFollowUp } from '../../src/operations/task/follow-up.ts';
import { asks, bench, logged, taken, turnEnded } from './context.ts';

describe('task.approve', () => {
  it('opens a gate: the task is queued, a worker is requested and the notes are stored (F205)', async (context) => {
    const { run, ensured, store } = await bench(context);
    await run(taskCreate, {
      title: 'Deploy',
      tool: 'SHELL',
      instructions: 'true',
      requiresApproval: true,
      start: true,
    });
    const task = await run(taskApprove, { task: 'Deploy', notes: 'Reviewed' });
    const [gate] = task.approvals;
    assert.deepEqual(
      [task.status, gate?.status, gate?.decided_by, gate?.notes, gate?.scope],
      ['pending', 'approved', 'Ada <ada@example.com>', 'Reviewed', 'once'],
    );
    assert.ok(task.queued_at);
    assert.equal(ensured(), 1, 'not before there was anything to run');
    await logged(store, task.id, /Approved by Ada.*Reviewed/);
  });

  it('requires a choice between several requests and decides that one', async (context) => {
    const { run, refused, store } = await bench(context);
    await run(taskCreate, { title: 'A', tool: 'SHELL', instructions: 'true', start: true });
    await taken(store, 'A');
    await asks(store, 'A', 'Run one');
    await asks(store, 'A', 'Run two');
    const error = await refused(taskApprove, { task: 'A' }, 'AmbiguousTask');
    assert.match(JSON.stringify(error.next), /request 1 \(Run one\), request 2 \(Run two\)/);
    const task = await run(taskApprove, { task: 'A', request: 2, forTask: true });
    assert.deepEqual(
      task.approvals.map((approval) => [approval.status, approval.scope]),
      [
        ['pending', undefined],
        ['approved', 'task'],
      ],
    );
    assert.equal(task.status, 'paused');
    assert.equal((await run(taskApprove, { task: 'A', request: '1' })).status, 'in_progress');
  });

  it('decides all requests at once', async (context) => {
    const { run, store } = await bench(context);
    await run(taskCreate, { title: 'A', tool: 'SHELL', instructions: 'true', start: true });
    await taken(store, 'A');
    await asks(store, 'A', 'Run one');
    await asks(store, 'A', 'Run two');
    const task = await run(taskApprove, { task: 'A', all: true });
    assert.ok(task.approvals.every((approval) => approval.status === 'approved'));
    assert.equal(task.status, 'in_progress');
  });

  it('is reserved for the named approver (F148)', async (context) => {
    const { run, refused } = await bench(context, { actor: 'Bob <bob@example.com>' });
    await run(taskCreate, { title: 'A', tool: 'SHELL', instructions: 'true', approver: 'team-lead', start: true });
    assert.match(JSON.stringify((await refused(taskApprove, { task: 'A' }, 'NotApprover')).next), /Ask team-lead/);
    await run(taskCreate, { title: 'B', tool: 'SHELL', instructions: 'true', approver: 'bob', start: true });
    await run(taskApprove, { task: 'B' });
  });

  it('reports that no request is open, or that it was decided already', async (context) => {
    const { run, refused } = await bench(context);
    await run(taskCreate, { title: 'A', tool: 'SHELL' });
    await refused(taskApprove, { task: 'A' }, 'ApprovalNotFound');
    await refused(taskApprove, { task: 'A', all: true }, 'ApprovalNotFound');
    await run(taskCreate, { title: 'B', tool: 'SHELL', instructions: 'true', requiresApproval: true, start: true });
    await run(taskApprove, { task: 'B' });
    await refused(taskApprove, { task: 'B', request: 1 }, 'ApprovalNotFound');
    await refused(taskApprove, { task: 'B', request: 9 }, 'ApprovalNotFound');
  });

  it('refuses to approve in a restricted folder, where rejecting is allowed', async (context) => {
    const restricted = await bench(context, { trusted: false });
    await restricted.store.createTask({ title: 'A', tool: 'SHELL', requiresApproval: true });
    await restricted.refused(taskApprove, { task: 'A' }, 'Untrusted');
    await restricted.refused(taskReject, { task: 'A' }, 'ApprovalNotFound');
  });
});

describe('task.reject', () => {
  it('fails a task at its gate, with the reason (F206)', async (context) => {
    const { run } = await bench(context);
    await run(taskCreate, {
      title: 'Deploy',
      tool: 'SHELL',
      instructions: 'true',
      requiresApproval: true,
      start: true,
    });
    const task = await run(taskReject, { task: 'Deploy', reason: 'Need additional testing' });
    assert.deepEqual([task.status, task.error_code], ['failed', 'ApprovalRejected']);
    assert.match(task.error ?? '', /Need additional testing/);
    assert.equal(task.approvals[0]?.notes, 'Need additional testing');
  });

  it('resumes a task without the rejected tool call', async (context) => {
    const { run, store } = await bench(context);
    await run(taskCreate, { title: 'A', tool: 'SHELL', instructions: 'true', start: true });
    await taken(store, 'A');
    await asks(store, 'A');
    const task = await run(taskReject, { task: 'A' });
    assert.deepEqual([task.status, task.approvals[0]?.status], ['in_progress', 'rejected']);
  });
});

describe('task.reject of a finished result', () => {
  it('sends it back: the agent continues in the same session with the reason', async (context) => {
    const { run, refused, ensured, store } = await bench(context);
    await run(taskCreate, { title: 'A', tool: 'OPENCODE', start: true });
    await taken(store, 'A');
    await turnEnded(store, 'A');
    await refused(taskReject, { task: 'A' }, 'InvalidInput');
    const before = ensured();
    const task = await run(taskReject, { task: 'A', reason: 'Handle the empty list' });
    assert.match(task.follow_ups[0]?.prompt ?? '', /requests changes:\n\nHandle the empty list$/);
    assert.equal(ensured(), before + 1);
    await logged(store, task.id, /Ada.* requested changes: Handle the empty list/);
  });

  it('starts no agent in a restricted folder', async (context) => {
    const { run, store } = await bench(context);
    await run(taskCreate, { title: 'A', tool: 'OPENCODE', start: true });
    await taken(store, 'A');
    await turnEnded(store, 'A');
    const restricted = await bench(context, { trusted: false });
    const shared = { ...restricted, store };
    await assert.rejects(runOperation(taskReject, shared, { task: 'A', reason: 'x' }), /restricted folder/);
    assert.equal(store.resolve('A').follow_ups.length, 0);
  });

  it('names a request that no longer waits instead of sending the result back', async (context) => {
    const { run, refused, store } = await bench(context);
    await run(taskCreate, { title: 'A', tool: 'OPENCODE', start: true });
    await taken(store, 'A');
    await turnEnded(store, 'A');
    await refused(taskReject, { task: 'A', request: 1, reason: 'x' }, 'ApprovalNotFound');
  });
});

describe('task.follow-up', () => {
  it('stores the prompt for the worker that owns the session', async (context) => {
    const { run, store } = await bench(context);
    await run(taskCreate, { title: 'A', tool: 'OPENCODE', start: true });
    await taken(store, 'A');
    await turnEnded(store, 'A');
    const task = await run(taskFollowUp, { task: 'A', prompt: 'Now add a test' });
    assert.deepEqual(
      task.follow_ups.map(({ prompt, taken_at }) => [prompt, taken_at]),
      [['Now add a test', undefined]],
    );
  });

  it('refuses without a session and without text', async (context) => {
    const { run, refused, store } = await bench(context);
    await run(taskCreate, { title: 'A', tool: 'OPENCODE', start: true });
    await refused(taskFollowUp, { task: 'A', prompt: 'x' }, 'SessionClosed');
    await taken(store, 'A');
    await turnEnded(store, 'A');
    await refused(taskFollowUp, { task: 'A', prompt: ' ' }, 'InvalidInput');
    await refused(taskFollowUp, { task: 'A', prompt: 'x'.repeat(10_000_000) }, 'TooLarge');
  });
});
