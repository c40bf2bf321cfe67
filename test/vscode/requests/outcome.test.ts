import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needOf } from '../../../src/core/task/needs.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { standing } from '../../../src/core/task/standing.ts';
import { Outcomes } from '../../../src/vscode/requests/outcome.ts';
import { taskId, taskWith } from '../../core/fixtures.ts';
import { worldWith } from '../../core/task/worlds.ts';

/** The outcomes that a sequence of changes of one task reports. */
function reported(...changes: (Partial<TaskRecord> | undefined)[]): (string | undefined)[] {
  const ends = new Outcomes();
  const need = (task: TaskRecord) => needOf(task, standing(task, worldWith([task])));
  return changes.map((fields) => ends.next('t', fields === undefined ? undefined : taskWith(fields), need));
}

const worktree = {
  kind: 'worktree' as const,
  path: '.systemprompt/worktrees/1-a',
  branch: 'systemprompt/1-a',
  base_head: 'a'.repeat(40),
  base_commit: 'a'.repeat(40),
};
const running = { status: 'in_progress' } as const;

test('the end of a run is reported once', () => {
  assert.deepEqual(reported(running, { status: 'failed' }, { status: 'failed' }), [undefined, 'failed', undefined]);
  assert.deepEqual(reported(running, { status: 'completed' }), [undefined, 'completed']);
  assert.deepEqual(reported(running, { status: 'completed_active' }, { status: 'completed' }), [
    undefined,
    'completed',
    undefined,
  ]);
});

test('changes of the result make it a review', () => {
  assert.deepEqual(reported(running, { status: 'completed', workspace: worktree }), [undefined, 'review']);
});

test('a race is reported when its results wait for a pick, and not again after the pick', () => {
  const race = { kind: 'group', race: {} } as const;
  assert.deepEqual(
    reported(
      { ...race, status: 'in_progress' },
      { ...race, status: 'paused' },
      { ...race, status: 'paused' },
      { ...race, race: { picked: taskId('task_first') }, status: 'completed' },
    ),
    [undefined, 'review', undefined, undefined],
  );
});

test('a pause does not end a run, and a second run is reported again', () => {
  assert.deepEqual(reported(running, { status: 'paused' }, { status: 'failed' }), [undefined, undefined, 'failed']);
  assert.deepEqual(reported(running, { status: 'failed' }, running, { status: 'completed' }).slice(1), [
    'failed',
    undefined,
    'completed',
  ]);
});

test('a task that never ran, was cancelled, restarted or deleted has no outcome', () => {
  assert.deepEqual(reported({}, { status: 'completed' }), [undefined, undefined]);
  assert.deepEqual(reported({ status: 'paused' }, { status: 'failed' }), [undefined, undefined]);
  assert.deepEqual(reported(running, { status: 'cancelled' }), [undefined, undefined]);
  assert.deepEqual(reported(running, {}), [undefined, undefined]);
  assert.deepEqual(reported(running, undefined), [undefined, undefined]);
});
