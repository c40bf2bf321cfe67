import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canTransition } from '../../../src/core/task/lifecycle.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { cancel, complete, pause } from '../../../src/core/task/session.ts';
import { requestStart, restart } from '../../../src/core/task/start.ts';
import { taskStatuses } from '../../../src/core/task/values.ts';
import { rowFlags } from '../../../src/vscode/present/task-state.ts';
import { at, executionOf, taskWith } from '../../core/fixtures.ts';

const statuses = taskStatuses.flatMap((status) => [
  taskWith({ status }),
  taskWith({ status, executions: [executionOf('e1')] }),
  taskWith({ status, queued_at: at(0) }),
]);

/** True when the rules let it pass and it changes something. */
function works(action: () => object): boolean {
  try {
    return Object.keys(action()).length > 0;
  } catch {
    return false;
  }
}

test('a row offers the actions that the rules allow', () => {
  for (const task of statuses) {
    const flags = new Set(rowFlags(task));
    const name = `${task.status} ${task.executions.length} ${task.queued_at ?? ''}`;
    if (flags.has('startable'))
      assert.ok(
        works(() => requestStart(task, at(1))),
        `start ${name}`,
      );
    assert.equal(
      flags.has('cancellable'),
      works(() => cancel(task, at(1))),
      `cancel ${name}`,
    );
    if (flags.has('pausable'))
      assert.ok(
        works(() => pause(task, at(1))),
        `pause ${name}`,
      );
    // The rules also take a paused task back to its start; its row offers to go on.
    const restarts = works(() => restart(task, at(1))) && task.status !== 'paused';
    assert.equal(flags.has('restartable'), restarts, `restart ${name}`);
    if (flags.has('completable'))
      assert.ok(
        works(() => complete(task, at(1))),
        `complete ${name}`,
      );
    if (!flags.has('completable') && task.status !== 'in_progress')
      assert.ok(!canTransition(task.status, 'completed'), name);
  }
});

test('a row has at most two buttons', () => {
  const buttons = new Set([
    'startable',
    'inlineFollowUp',
    'inlineComplete',
    'restartable',
    'inlineCancel',
    'inlinePause',
    'inlineLog',
    'inlinePick',
  ]);
  const races = taskStatuses.map((status) => taskWith({ status, kind: 'group', race: {} }));
  for (const task of [...statuses, ...races]) {
    const shown = rowFlags(task).filter((flag) => buttons.has(flag));
    assert.ok(shown.length <= 2, `${task.status}: ${shown.join(' ')}`);
  }
});

test('a finished result of an agent takes follow-ups and requests for changes, until it is merged', () => {
  const workspace = {
    kind: 'worktree' as const,
    path: '.systemprompt/worktrees/1-a',
    branch: 'systemprompt/1-a',
    base_head: 'a'.repeat(40),
    base_commit: 'a'.repeat(40),
  };
  const offered = (task: TaskRecord) => rowFlags(task).filter((flag) => flag === 'followable' || flag === 'returnable');
  const result = { status: 'completed' as const, tool: 'CODEX', executions: [executionOf('e1')], workspace };
  assert.deepEqual(offered(taskWith(result)), ['followable', 'returnable']);
  assert.deepEqual(offered(taskWith({ ...result, workspace: { ...workspace, merged_at: at(0) } })), ['followable']);
  assert.deepEqual(offered(taskWith({ ...result, tool: 'SHELL' })), []);
  assert.deepEqual(offered(taskWith({ ...result, kind: 'group' })), []);
});

test('checkpoints are offered for a task with a run, and restoring if no agent is running', () => {
  const checkpoints = [{ number: 1, at: at(0), kind: 'manual' as const, message: 'one' }];
  const offered = (task: TaskRecord) => rowFlags(task).filter((flag) => flag === 'keepable' || flag === 'restorable');
  assert.deepEqual(offered(taskWith({})), []);
  const executions = [executionOf('e1')];
  assert.deepEqual(offered(taskWith({ status: 'completed', executions })), ['keepable']);
  assert.deepEqual(offered(taskWith({ status: 'paused', executions, checkpoints })), ['keepable', 'restorable']);
  assert.deepEqual(offered(taskWith({ status: 'in_progress', executions, checkpoints })), ['keepable']);
});
