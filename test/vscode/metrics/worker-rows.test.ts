import assert from 'node:assert/strict';
import { test } from 'node:test';
import { workerRows } from '../../../src/vscode/metrics/worker-rows.ts';

const worker = {
  id: 'w1',
  host: 'build-1',
  pid: 42,
  since: null,
  mode: 'foreground' as const,
  agents: ['CODEX', 'SHELL'],
  max_parallel: 4,
  seen_ago_ms: 1_000,
  tasks: [3, 7],
};

test('a worker has its machine, agents, load and last heartbeat', () => {
  assert.deepEqual(workerRows([worker, { ...worker, seen_ago_ms: 50_000, max_parallel: null, tasks: [] }]), [
    { id: 'w1', name: 'build-1:42', agents: 'CODEX, SHELL', load: '2 / 4', seen: 'just now', silent: false },
    { id: 'w1', name: 'build-1:42', agents: 'CODEX, SHELL', load: '0', seen: 'silent for 50 s', silent: true },
  ]);
});

test('a worker that is known by its lease alone has unknown facts, and its name is made safe', () => {
  const lease = { ...worker, host: 'a\u202eb\u0007', agents: null, max_parallel: null, seen_ago_ms: null, tasks: [3] };
  const [row] = workerRows([lease]);
  assert.deepEqual(row && { ...row, name: '' }, {
    id: 'w1',
    name: '',
    agents: 'unknown',
    load: '1',
    seen: 'unknown',
    silent: false,
  });
  for (const control of ['\u202e', '\u0007']) assert.ok(row?.name.includes(control) === false);
});
