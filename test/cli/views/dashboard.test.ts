import assert from 'node:assert/strict';
import { test } from 'node:test';
import { displayWidth } from '../../../src/cli/terminal/width.ts';
import { dashboardLines, dashboardOrder } from '../../../src/cli/views/dashboard.ts';
import { at, taskId, taskWith } from '../../core/fixtures.ts';
import { standingAmong } from '../../core/task/worlds.ts';

const plain = (_tint: unknown, text: string): string => text;
const tasks = [
  taskWith({ id: taskId('task_a'), number: 1, status: 'completed' }),
  taskWith({ id: taskId('task_b'), number: 2, title: 'Draft \u001b[31m日本語'.repeat(10) }),
  taskWith({ id: taskId('task_c'), number: 3, status: 'in_progress' }),
  taskWith({ id: taskId('task_d'), number: 4, status: 'failed', error: 'It broke.' }),
  taskWith({ id: taskId('task_e'), number: 5, queued_at: at(0) }),
];
const standingOf = standingAmong(tasks);
const queue = { playing: true, at_work: 1, max_parallel: 3, waiting_total: 2 };

test('tasks that need a person are first, then running, queued, other and ended tasks', () => {
  assert.deepEqual(
    dashboardOrder(tasks, standingOf).map(({ number }) => number),
    [4, 3, 5, 2, 1],
  );
});

test('the picture fits the terminal and has no escape sequence of a title', () => {
  for (const size of [
    { columns: 40, rows: 6 },
    { columns: 80, rows: 24 },
    { columns: 200, rows: 60 },
  ]) {
    for (const log of [undefined, ['one', 'two']]) {
      const lines = dashboardLines({ folder: '/f', tasks, standingOf, queue, selected: 1, log }, size, plain);
      assert.equal(lines.length, size.rows);
      for (const line of lines) {
        assert.ok(displayWidth(line) <= size.columns, line);
        assert.equal(line.includes('\u001b'), false);
      }
    }
  }
});

test('the selected task stays in sight in a long list', () => {
  const many = Array.from({ length: 200 }, (_, at) => taskWith({ id: taskId(`task_${at}`), number: at + 1 }));
  const lines = dashboardLines(
    { folder: '/f', tasks: many, standingOf: standingAmong(many), queue, selected: 150, log: undefined },
    { columns: 80, rows: 20 },
    plain,
  );
  assert.match(lines.join('\n'), /› {2}151/);
});

test('a narrow terminal keeps its columns for the titles', () => {
  const lines = dashboardLines(
    { folder: '/f', tasks, standingOf, queue, selected: 0, log: undefined },
    { columns: 40, rows: 12 },
    plain,
  );
  assert.match(lines.join('\n'), /✗ {2}/);
  assert.doesNotMatch(lines.join('\n'), /failed {2}|in_progress/);
  assert.equal(lines.at(-1)?.includes('q quit'), true);
});
