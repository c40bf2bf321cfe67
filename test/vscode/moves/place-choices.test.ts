import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { placeChoices } from '../../../src/vscode/moves/place-choices.ts';
import { finder, taskId, taskWith } from '../../core/fixtures.ts';

const task = (name: string, fields: Partial<TaskRecord> = {}) => taskWith({ id: taskId(name), ...fields });
const labels = (tasks: TaskRecord[], onto: TaskRecord, others: TaskRecord[] = []) =>
  placeChoices(tasks, onto, finder([...tasks, onto, ...others])).map(({ label }) => label);

test('a task dropped on another one can wait for it, become its part, or take its priority', () => {
  const onto = task('b', { number: 2, priority: 'high' });
  assert.deepEqual(labels([task('a')], onto), ['Wait for #2', 'Make a Part of #2', 'Take the Priority of #2']);
  assert.deepEqual(labels([task('a', { priority: 'high' })], onto), ['Wait for #2', 'Make a Part of #2']);
});

test('a choice that would close a cycle is not offered', () => {
  const onto = task('b', { number: 2, depends_on: [taskId('a')] });
  assert.ok(!labels([task('a')], onto).includes('Wait for #2'));
  const part = task('c', { number: 3, parent_id: taskId('a') });
  assert.ok(!labels([task('a')], part).includes('Make a Part of #3'));
});

test('waiting adds to the dependencies that the task has when it is chosen', () => {
  const onto = task('b', { number: 2 });
  const dropped = task('a', { depends_on: [taskId('c')] });
  const [choice] = placeChoices([dropped], onto, finder([dropped, onto, task('c')]));
  assert.equal(choice?.change, 'wait');
});
