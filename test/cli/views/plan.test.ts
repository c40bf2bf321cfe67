import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plain } from '../../../src/cli/terminal/style.ts';
import { planView } from '../../../src/cli/views/plan.ts';

const task = (key: string, number: number, more: object = {}) => ({
  key,
  title: `Task ${key}`,
  kind: 'work' as const,
  agent: 'CODEX',
  depth: 0,
  dependsOn: [],
  change: 'new' as const,
  number,
  ...more,
});
const plan = { applied: true, problems: [], missing: [], notes: [] };

test('only pending tasks of a plan are offered to start; the status of the others is shown', () => {
  const tasks = [
    task('a', 1, { status: 'completed' }),
    task('b', 2, { dependsOn: ['a'] }),
    task('c', 3, { kind: 'group' }),
  ];
  assert.deepEqual(planView({ ...plan, tasks }, plain, false).split('\n'), [
    'Created 3 tasks:',
    '#1 Task a (CODEX, completed)',
    '#2 Task b (CODEX, after #1)',
    '#3 Task c (group)',
    'Start them: systemprompt task start 2',
  ]);
});
