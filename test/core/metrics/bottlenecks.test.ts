import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Bottleneck, findBottlenecks } from '../../../src/core/metrics/bottlenecks.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { at, executionOf, taskId, taskWith } from '../fixtures.ts';

const MINUTE = 60_000;
const now = Date.parse(at(600 * MINUTE));

function task(number: number, fields: Partial<TaskRecord> = {}): TaskRecord {
  return taskWith({ id: taskId(`task_${number}`), number, title: `Task ${number}`, ...fields });
}

function found(...tasks: TaskRecord[]): Promise<Bottleneck[]> {
  const graph = {
    byId: (id: string) => tasks.find((each) => each.id === id),
    dependency: (id: string) => tasks.find((each) => each.id === id),
    children: (id: string) => tasks.filter((each) => each.parent_id === id),
    dependents: (id: string) => tasks.filter((each) => each.depends_on.some((other) => other === id)),
  };
  return findBottlenecks(tasks, graph, now, async () => {});
}

const kinds = (list: Bottleneck[]): [number, string][] => list.map(({ number, kind }) => [number, kind]);

describe('bottlenecks (F184)', () => {
  it('include failed tasks with dependents, counting indirect ones', async () => {
    const list = await found(
      task(1, { status: 'failed', completed_at: at(540 * MINUTE) }),
      task(2, { depends_on: [taskId('task_1')] }),
      task(3, { depends_on: [taskId('task_2')] }),
      task(4, { status: 'cancelled' }),
    );
    assert.deepEqual(kinds(list), [[1, 'blocks']]);
    assert.deepEqual(
      [list[0]?.task_title, list[0]?.issue, list[0]?.holds_up, list[0]?.minutes],
      ['Task 1', 'It failed, and 2 other tasks wait for it.', 2, 60],
    );
  });

  it('include the first task of a chain and not each of its tasks', async () => {
    const chain = [1, 2, 3, 4, 5, 6].map((n) => task(n, n === 1 ? {} : { depends_on: [taskId(`task_${n - 1}`)] }));
    assert.deepEqual(
      (await found(...chain)).map(({ number, holds_up }) => [number, holds_up]),
      [[1, 5]],
    );
  });

  it('include long waits for a person, open or ended', async () => {
    const asked = { id: 'a', number: 1, kind: 'tool', title: 'Run', requested_at: at(0) } as const;
    const open = task(1, { status: 'paused', approvals: [{ ...asked, status: 'pending' }] });
    const over = task(2, { approvals: [{ ...asked, status: 'approved', decided_at: at(45 * MINUTE) }] });
    const quick = task(3, { approvals: [{ ...asked, status: 'approved', decided_at: at(MINUTE) }] });
    assert.deepEqual(
      (await found(open, over, quick)).map(({ number, issue }) => [number, issue]),
      [
        [1, 'It has been waiting 10 hours for a person.'],
        [2, 'It waited 45 minutes for a person.'],
      ],
    );
  });

  it('include exhausted limits, repeated failures and many interruptions', async () => {
    const runs = (outcome: 'failed' | 'interrupted', count: number): TaskRecord['executions'] =>
      Array.from({ length: count }, () => ({ ...executionOf('SHELL'), outcome }));
    const list = await found(
      task(1, { status: 'paused', constraints: { max_tokens: 100 }, usage: { total_tokens: 100 } }),
      task(2, { executions: runs('failed', 2) }),
      task(3, { executions: runs('failed', 1) }),
      task(4, { executions: runs('interrupted', 3) }),
    );
    assert.deepEqual(kinds(list).sort(), [
      [1, 'budget'],
      [2, 'fails'],
      [4, 'interrupted'],
    ]);
  });

  it('include tasks with far more work than usual, once there is a usual amount', async () => {
    const usual = Array.from({ length: 5 }, (_, index) =>
      task(index + 1, { status: 'completed', active_ms: 5 * MINUTE }),
    );
    const slow = task(9, { status: 'completed', active_ms: 60 * MINUTE });
    assert.deepEqual(kinds(await found(...usual, slow)), [[9, 'slow']]);
    assert.deepEqual(await found(...usual.slice(0, 3), slow), []);
  });

  it('are sorted by the delay that they cause, then by cost', async () => {
    const wait = { id: 'a', number: 1, kind: 'tool', title: 'Run', status: 'pending', requested_at: at(0) } as const;
    const list = await found(
      task(1, { status: 'paused', approvals: [wait] }),
      task(2, { status: 'failed', completed_at: at(599 * MINUTE) }),
      task(3, { depends_on: [taskId('task_2')] }),
    );
    assert.deepEqual(kinds(list), [
      [2, 'blocks'],
      [1, 'waits'],
    ]);
  });
});
