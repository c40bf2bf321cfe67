import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Need, needingPerson, needOf } from '../../../src/core/task/needs.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { standing } from '../../../src/core/task/standing.ts';
import { at, taskId, taskWith } from '../fixtures.ts';
import { standingAmong, worldWith } from './worlds.ts';

const request = (kind: 'tool' | 'feedback') => ({
  approvals: [{ id: 'a1', number: 1, kind, title: 'Run it', status: 'pending' as const, requested_at: at(0) }],
});
const failed = taskWith({ id: taskId('task_failed'), number: 7, status: 'failed', error: 'It broke.' });

const needsOf: Readonly<Record<string, readonly [Partial<TaskRecord>, Need | undefined]>> = {
  'a request': [{ status: 'in_progress', ...request('tool') }, 'approval'],
  'a question': [{ status: 'in_progress', ...request('feedback') }, 'question'],
  'a task from outside': [{ from_outside: true }, 'confirmation'],
  'a failure': [{ status: 'failed' }, 'failure'],
  'a reached limit': [{ status: 'paused', pause_reason: 'budget' }, 'limit'],
  'a failed dependency': [{ queued_at: at(0), depends_on: [failed.id] }, 'blocked'],
  'a pause by a person': [{ status: 'paused', pause_reason: 'person' }, undefined],
  'a proposal of an assisted task': [{ status: 'completed_active', collaboration_mode: 'assisted' }, 'review'],
  'an open session that a person must complete': [{ status: 'completed_active', review: 'required' }, 'review'],
  'an open session that ends by itself': [{ status: 'completed_active' }, undefined],
  'running work': [{ status: 'in_progress' }, undefined],
  'a draft': [{}, undefined],
  'a completed task without changes': [{ status: 'completed' }, undefined],
};

for (const [name, [fields, need]] of Object.entries(needsOf)) {
  test(`${name}: ${need ?? 'needs nobody'}`, () => {
    const task = taskWith(fields);
    assert.equal(needOf(task, standing(task, worldWith([task, failed]))), need);
  });
}

const commit = 'a'.repeat(40);
const path = '.systemprompt/worktrees/2-do';
const workspace = { kind: 'worktree', path, branch: 'x/2-do', base_head: commit, base_commit: commit } as const;
const first = taskId('task_first');
const second = taskId('task_second');
const judge = taskId('task_judge');

type Race = Pick<TaskRecord, 'race' | 'status'>;
const open: Race = { race: {}, status: 'paused' };
const picked: Race = { race: { picked: second, judge }, status: 'completed' };
const cancelled: Race = { race: {}, status: 'cancelled' };

/** The needs of a task of a race, by the state of the race. */
const inRaces: [name: string, race: Race, part: Partial<TaskRecord>, need: Need | undefined][] = [
  ['an entrant that failed before a decision', open, { status: 'failed' }, 'failure'],
  ['an entrant that failed before another one was picked', picked, { status: 'failed' }, undefined],
  ['an entrant that failed before its race was cancelled', cancelled, { status: 'failed' }, undefined],
  ['a picked entrant that failed after a restart', picked, { id: second, status: 'failed' }, 'failure'],
  ['an open session that the race compares', open, { status: 'completed_active', review: 'required' }, undefined],
  ['a proposal of an assisted entrant', open, { status: 'completed_active', collaboration_mode: 'assisted' }, 'review'],
  ['a result that the race compares', open, { status: 'completed', workspace }, undefined],
  ['a result that was not picked, before its discard', picked, { status: 'completed', workspace }, undefined],
  ['a result of a cancelled race', cancelled, { status: 'completed', workspace }, undefined],
  ['a picked result before its merge', picked, { id: second, status: 'completed', workspace }, 'review'],
  ['a judge that failed', { ...open, race: { judge } }, { id: judge, status: 'failed' }, 'failure'],
  ['a judge that failed before the pick', picked, { id: judge, status: 'failed' }, undefined],
  [
    'a judge that another one replaced',
    { ...open, race: { earlier_judges: [first] } },
    { status: 'failed' },
    undefined,
  ],
];

for (const [name, race, part, need] of inRaces) {
  test(`${name}: ${need ?? 'needs nobody'}`, () => {
    const group = taskWith({ id: taskId('task_race'), kind: 'group', ...race });
    const task = taskWith({ id: first, parent_id: group.id, ...part });
    assert.equal(needOf(task, standing(task, worldWith([group, task]))), need);
  });
}

test('the most pressing needs come first, then the oldest; archived tasks are left out', () => {
  const tasks = [
    failed,
    taskWith({ id: taskId('task_old'), number: 2, status: 'failed' }),
    taskWith({ id: taskId('task_asks'), number: 9, status: 'in_progress', ...request('tool') }),
    taskWith({ id: taskId('task_gone'), number: 1, status: 'failed', archived_at: at(0) }),
  ];
  const found = needingPerson(tasks, standingAmong(tasks));
  assert.deepEqual(
    found.map(({ task, need }) => `${task.number} ${need}`),
    ['9 approval', '2 failure', '7 failure'],
  );
});
