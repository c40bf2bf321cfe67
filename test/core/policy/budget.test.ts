import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { budgetShares, describeShare, exceeded, isOver, markOf, timeLeft } from '../../../src/core/policy/budget.ts';
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

  it('sum the whole subtree for every ancestor that has a limit', () => {
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
    assert.match(exceeded(own, leaf).error, /of #1 "t1".*update 1 --budget-cost.*resume 3/);
  });

  it('an unknown number is unknown, not zero', () => {
    const one = task(1, { constraints: { max_tokens: 100 } });
    const [share] = budgetShares(one, family(one), now);
    assert.ok(share !== undefined);
    assert.equal(share.spent, undefined);
    assert.equal(markOf(share), 0);
    assert.equal(isOver(share, 'next'), false);
    assert.equal(describeShare(share), 'unknown of 100 tokens');
  });

  it('the last allowed iteration may be under way, another may not begin', () => {
    const one = task(1, { constraints: { max_iterations: 2 }, usage: { iterations: 2 } });
    const [share] = budgetShares(one, family(one), now);
    assert.ok(share !== undefined);
    assert.deepEqual([isOver(share, 'now'), isOver(share, 'next')], [false, true]);
  });

  it('count minutes of work only, and know what is left of them', () => {
    const one = task(1, { constraints: { max_duration_minutes: 10 }, active_ms: 6 * 60_000 });
    assert.equal(timeLeft(one, family(one), now), 4 * 60_000);
    const free = task(2, {});
    assert.equal(timeLeft(free, family(free), now), undefined);
  });
});
