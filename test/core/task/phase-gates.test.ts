import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gateIsOpen, pendingApprovals } from '../../../src/core/task/approval.ts';
import { decideApproval, findApproval } from '../../../src/core/task/decide.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { requestStart } from '../../../src/core/task/start.ts';
import { applyUpdate } from '../../../src/core/task/update.ts';
import { at, newTask, patched } from '../fixtures.ts';

const workflow = [
  { agent: 'SHELL', phase: 'deploy', instructions: 'true', gate: true },
  { agent: 'SHELL', phase: 'clean', instructions: 'true' },
];
const held = ((): TaskRecord => {
  const task = newTask({ tool: undefined, title: 'Ship it', workflow });
  return patched(task, requestStart(task, at(1)));
})();
const approved = patched(
  held,
  decideApproval(held, findApproval(held, undefined), { approve: true, by: 'Ada' }, at(2)),
);
const other = { agent: 'SHELL', phase: 'destroy', instructions: 'rm -r x', gate: true };
const withSteps = (task: TaskRecord, steps: TaskRecord['workflow']): TaskRecord =>
  patched(task, applyUpdate(task, { workflow: steps ?? null }, at(3)));

describe('the approval of a phase', () => {
  it('opens its gate, also after another phase changed', () => {
    assert.equal(gateIsOpen(approved), true);
    const changed = withSteps(approved, [workflow[0] ?? other, { agent: 'CODEX', phase: 'clean' }]);
    assert.equal(gateIsOpen(changed), true);
  });

  it('does not open the gate of a phase in its place', () => {
    assert.equal(gateIsOpen(withSteps(approved, [other])), false);
    const agent = patched(approved, applyUpdate(approved, { tool: 'CODEX' }, at(3)));
    assert.equal(gateIsOpen(agent), false);
  });

  it('is asked for again while it is pending', () => {
    const asks = withSteps(held, [other]);
    assert.deepEqual(
      pendingApprovals(asks).map(({ title }) => title),
      ['Start the phase "destroy" with SHELL'],
    );
    assert.deepEqual(
      asks.approvals.map(({ status }) => status),
      ['expired', 'pending'],
    );
  });

  it('is no longer needed for a phase without a gate', () => {
    const free = withSteps(held, workflow.slice(1));
    assert.deepEqual([pendingApprovals(free), free.status, free.pause_reason], [[], 'paused', 'interrupted']);
    assert.ok(free.queued_at !== undefined);
  });
});
