import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columns } from '../../../src/core/board/columns.ts';
import { taskStatuses } from '../../../src/core/task/values.ts';
import { groupMove } from '../../../src/vscode/moves/group-move.ts';
import { leaseOf, newTask, taskWith } from '../../core/fixtures.ts';

test('a column of a status runs the command of its action', () => {
  const move = groupMove(taskWith({}), 'pending', 'queued', true);
  assert.deepEqual(move, { kind: 'command', command: 'systemprompt.task.start', text: 'Start' });
  const paused = groupMove(taskWith({ status: 'paused' }), 'paused', 'in_progress', true);
  assert.equal(paused.text, 'Resume');
});

test('a restricted window refuses what starts agents, and allows the rest', () => {
  assert.equal(groupMove(taskWith({}), 'pending', 'queued', false).kind, 'refused');
  assert.equal(groupMove(taskWith({}), 'pending', 'cancelled', false).kind, 'command');
});

test('every refusal contains its reason', () => {
  for (const status of taskStatuses) {
    for (const task of [taskWith({ status }), { ...newTask({ kind: 'group' }), status }]) {
      for (const column of columns) assert.match(groupMove(task, 'all', column, true).text, /^[A-Z].{3,}/);
    }
  }
});

test('a column of a field sets the field', () => {
  const task = taskWith({ labels: ['api', 'ui'], project: 'Shop' });
  assert.deepEqual(groupMove(task, 'project:Shop', 'project:', true), {
    kind: 'update',
    change: { project: null },
    text: 'Project: No Project',
  });
  assert.deepEqual(groupMove(task, 'label:api', 'label:db', true), {
    kind: 'update',
    change: { addLabel: ['db'], removeLabel: ['api'] },
    text: 'Label: db',
  });
  const loose = groupMove(task, 'label:api', 'label:', true);
  assert.deepEqual(loose.kind === 'update' && loose.change, { removeLabel: ['api'] });
  const agent = groupMove(task, 'agent:SHELL', 'agent:CODEX', true);
  assert.deepEqual(agent.kind === 'update' && agent.change, { tool: 'CODEX' });
});

test('the agent of a running task stays, and a group has none', () => {
  assert.equal(groupMove(taskWith({ status: 'in_progress' }), 'agent:SHELL', 'agent:CODEX', true).kind, 'refused');
  assert.equal(groupMove(taskWith({ lease: leaseOf('w') }), 'agent:SHELL', 'agent:CODEX', true).kind, 'refused');
  assert.equal(groupMove(newTask({ kind: 'group' }), 'agent:SHELL', 'agent:CODEX', true).kind, 'refused');
});
