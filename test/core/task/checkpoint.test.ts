import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withRestoreNote } from '../../../src/core/agent/prompt.ts';
import { TaskError } from '../../../src/core/errors.ts';
import {
  addCheckpoint,
  checkpointRef,
  findCheckpoint,
  latestCheckpoint,
  nextCheckpoint,
  noteRestored,
} from '../../../src/core/task/checkpoint.ts';
import { type Checkpoint, checkpointSchema } from '../../../src/core/task/checkpoint-schema.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';

const at = '2025-01-01T00:00:00.000Z';
const point = (number: number, kind: Checkpoint['kind'] = 'auto'): Checkpoint => ({
  number,
  at,
  kind,
  message: `m${number}`,
});
const task = (...checkpoints: Checkpoint[]): Pick<TaskRecord, 'id' | 'number' | 'checkpoints'> => ({
  id: 'task_1' as TaskRecord['id'],
  number: 3,
  checkpoints,
});

describe('checkpoints of a task', () => {
  it('keep increasing numbers after pruning', () => {
    assert.equal(nextCheckpoint({}), 1);
    assert.equal(nextCheckpoint(task(point(4), point(7))), 8);
    assert.equal(checkpointRef('task_1', 8), 'refs/systemprompt/checkpoints/task_1/8');
  });

  it('are pruned oldest first, and manual ones never in favour of automatic ones', () => {
    let held = task(point(1, 'manual'));
    const gone: number[] = [];
    for (let number = 2; number <= 6; number += 1) {
      const { patch, pruned } = addCheckpoint(held, point(number), 3);
      gone.push(...pruned.map((each) => each.number));
      held = task(...(patch.checkpoints ?? []));
    }
    assert.deepEqual(
      held.checkpoints?.map((each) => each.number),
      [1, 4, 5, 6],
    );
    assert.deepEqual(gone, [2, 3]);
  });

  it('stay in order when two arrive out of order', () => {
    const { patch } = addCheckpoint(task(point(1), point(3)), point(2), 20);
    assert.deepEqual(
      patch.checkpoints?.map((each) => each.number),
      [1, 2, 3],
    );
    assert.equal(latestCheckpoint({ checkpoints: [point(3), point(2)] })?.number, 3);
  });

  it('are found by number, or as the latest that no restore created', () => {
    const held = task(point(1), point(2, 'manual'), point(3, 'before-restore'));
    assert.equal(findCheckpoint(held).number, 2);
    assert.equal(findCheckpoint(held, 3).number, 3);
    assert.equal(findCheckpoint(task(point(3, 'before-restore'))).number, 3);
    for (const missing of [() => findCheckpoint(held, 9), () => findCheckpoint(task())]) {
      assert.throws(missing, (error) => TaskError.is(error, 'CheckpointNotFound') && error.next.length > 0);
    }
  });

  it('reject an invalid commit', () => {
    assert.ok(checkpointSchema.safeParse({ ...point(1), commit: 'a'.repeat(40) }).success);
    assert.ok(!checkpointSchema.safeParse({ ...point(1), commit: '--output=x' }).success);
  });

  it('add a note about the restore to the next prompt, but not to a script', () => {
    const { restored } = noteRestored({ ...point(2), session_id: 's' });
    assert.deepEqual(restored, { checkpoint: 2, message: 'm2', session_id: 's' });
    assert.match(withRestoreNote('Go on.', { tool: 'OPENCODE', restored }), /^Go on\.\n\n.*checkpoint 2: m2/);
    assert.equal(withRestoreNote('ls', { tool: 'SHELL', restored }), 'ls');
  });
});
