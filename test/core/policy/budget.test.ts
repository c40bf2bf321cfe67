import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { operationStep } from '../../../src/core/next-step.ts';
import {
  budgetShares,
  describeShare,
  exceeded,
  isOver,
  markOf,
  reservedBy,
  timeLeft,
} from '../../../src/core/policy/budget.ts';
import { newTaskRecord } from '../../../src/core/task/create.ts';
import type { Constraints, TaskRecord, Usage } from '../../../src/core/task/schema.ts';

const at = '2026-01-01T00:00:00.000Z';
const now = Date.parse(at);

function task(
  number: number,
  fields: { constraints?: Constraints; usage?: Usage; parent?: TaskRecord; active_ms?: number },
): TaskRecord {
  const record = newTaskRecord({ title: `t${number}`, constraints: fields.constraints ?? {} }, at);
  const extra = {
    ...(fields.usage === undefined ? {} : { usage: fields.usage }),
    ...(fields.parent === undefined ? {} : { parent_id: fields.parent.id }),
  };
  return { ...record, ...extra, active_ms: fields.active_ms ?? 0, number, revision: 1 } as TaskRecord;
}

function family(...tasks: TaskRecord[]): {
  byId(id: string): TaskRecord | undefined;
  children(id: string): TaskRecord[];
} {
  return {
    byId: (id) => tasks.find((candidate) => candidate.id === id),
    children: (id) => tasks.filter((candidate) => candidate.parent_id === id),
  };
}

describe('budgets', () => {
  it('mark 50, 80 and 100 per cent of each limit (F154, F155)', () => {
    for (const [spent, mark] of [
      [0, 0],
      [49, 0],
      [50, 50],
      [79, 50],
      [80, 80],
      [99, 80],
      [100, 100],
      [150, 100],
    ] as const) {
      const one = task(1, { constraints: { max_tokens: 100 }, usage: { total_tokens: spent } });
      const [share] = budgetShares(one, family(one), now);
      assert.ok(share !== undefined);
      assert.equal(markOf(share), mark, `${spent}`);
      assert.equal(isOver(share, 'now'), spent >= 100);
    }
  });

  it('add up the whole subtree for every ancestor with a limit', () => {
    const root = task(1, { constraints: { max_cost_usd: 1 } });
    const phase = task(2, { parent: root, usage: { cost_usd: 0.25 } });
    const leaf = task(3, { parent: phase, usage: { cost_usd: 0.5 }, constraints: { max_cost_usd: 0.6 } });
    const shares = budgetShares(leaf, family(root, phase, leaf), now);
    assert.deepEqual(
      shares.map((share) => [share.owner.number, share.spent]),
      [
        [3, 0.5],
        [1, 0.75],
      ],
    );
    const own = shares[1];
    assert.ok(own !== undefined);
    const { error, next } = exceeded(own, leaf);
    assert.match(error, /of #1 "t1"/);
    assert.deepEqual(next, [
      operationStep('Raise it', 'task.update', { task: 1 }, ['budgetCost']),
      operationStep('Then resume it', 'task.resume', { tasks: [3] }),
    ]);
  });

  it('keep an unknown number as unknown, not zero', () => {
    const one = task(1, { constraints: { max_tokens: 100 } });
    const [share] = budgetShares(one, family(one), now);
    assert.ok(share !== undefined);
    assert.equal(share.spent, undefined);
    assert.equal(markOf(share), 0);
    assert.equal(isOver(share, 'next'), false);
    assert.equal(describeShare(share), 'unknown of 100 tokens');
  });

  it('make a part wait while the rest is reserved for others', () => {
    const root = task(1, { constraints: { max_tokens: 100 } });
    const child = (number: number, spent: number, limit?: number): TaskRecord =>
      task(number, {
        parent: root,
        usage: { total_tokens: spent },
        ...(limit === undefined ? {} : { constraints: { max_tokens: limit } }),
      });
    const running = { ...child(2, 10, 60), status: 'in_progress' as const };
    const wants = (limit?: number): number | undefined => {
      const next = child(3, 0, limit);
      return reservedBy(next, family(root, running, next), now)?.number;
    };
    assert.equal(wants(40), undefined, '10 are spent, 50 set aside, 40 left');
    assert.equal(wants(41), 2);
    assert.equal(wants(), undefined, 'without a limit of its own it shares what nobody has set aside');
    const ended = { ...running, status: 'completed' as const };
    const next = child(3, 0, 200);
    assert.equal(reservedBy(next, family(root, ended, next), now), undefined, 'given back');
  });

  it('distinguish small amounts from a limit of their size', () => {
    const texts = (constraints: Constraints, usage: Usage, active_ms = 0): string[] => {
      const one = task(1, { constraints, usage, active_ms });
      return budgetShares(one, family(one), now).map(describeShare);
    };
    assert.deepEqual(texts({ max_duration_minutes: 0.1 }, {}, 5_700), ['0.095 of 0.1 minutes (95 %)']);
    assert.deepEqual(texts({ max_duration_minutes: 60 }, {}, 90_000), ['1.5 of 60 minutes (2 %)']);
    assert.deepEqual(texts({ max_duration_minutes: 10 }, {}, 768), ['0.01 of 10 minutes (0 %)']);
    assert.deepEqual(texts({ max_cost_usd: 0.01 }, { cost_usd: 0.0099 }), ['$0.0099 of $0.01 (99 %)']);
    assert.deepEqual(texts({ max_cost_usd: 5 }, { cost_usd: 0.5 }), ['$0.50 of $5.00 (10 %)']);
    assert.deepEqual(texts({ max_tokens: 1_000 }, { total_tokens: 999 }), ['999 of 1,000 tokens (99 %)']);
  });

  it('allow the last iteration to run and no further one to start', () => {
    const one = task(1, { constraints: { max_iterations: 2 }, usage: { iterations: 2 } });
    const [share] = budgetShares(one, family(one), now);
    assert.ok(share !== undefined);
    assert.deepEqual([isOver(share, 'now'), isOver(share, 'next')], [false, true]);
  });

  it('count only minutes of work and report the remaining ones', () => {
    const one = task(1, { constraints: { max_duration_minutes: 10 }, active_ms: 6 * 60_000 });
    assert.equal(timeLeft(one, family(one), now), 4 * 60_000);
    const free = task(2, {});
    assert.equal(timeLeft(free, family(free), now), undefined);
  });
});
