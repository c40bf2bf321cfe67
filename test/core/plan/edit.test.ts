import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { creationOrder, planProblems } from '../../../src/core/plan/check.ts';
import { editPlan } from '../../../src/core/plan/edit.ts';
import { type Plan, type PlanItem, placedItems } from '../../../src/core/plan/plan.ts';

const item = (key: string, more: Partial<PlanItem> = {}): PlanItem => ({ key, kind: 'work', title: key, ...more });
const keysOf = (plan: Plan | undefined): string[] =>
  plan === undefined ? [] : placedItems(plan).map((each) => each.item.key);

describe('editPlan', () => {
  it('changes titles, agents and limits, and keeps everything else', () => {
    const plan: Plan = {
      project: 'Shop',
      items: [
        item('a', { constraints: { max_tokens: 5, max_cost_usd: 1, allowed_tools: ['read'] }, labels: ['x'] }),
        item('b', { agent: 'CODEX', workflow: [{ agent: 'CODEX', phase: 'Plan' }] }),
      ],
    };
    const edited = editPlan(plan, {
      skip: [],
      items: {
        a: { title: 'A', limits: { max_tokens: 9, max_cost_usd: null } },
        b: { agent: 'SHELL' },
        ghost: { title: 'Nobody' },
      },
    });
    assert.deepEqual(edited?.project, 'Shop');
    assert.deepEqual(edited?.items[0]?.constraints, { max_tokens: 9, allowed_tools: ['read'] });
    assert.deepEqual([edited?.items[0]?.title, edited?.items[0]?.labels], ['A', ['x']]);
    assert.deepEqual([edited?.items[1]?.agent, edited?.items[1]?.workflow], ['SHELL', undefined]);
    assert.equal(plan.items[0]?.title, 'a', 'the plan itself stays');
  });

  it('leaves out an item with everything below it, and joins what was before and after it', () => {
    const plan: Plan = {
      items: [
        item('a'),
        item('b', { dependsOn: ['a', '#7'], children: [item('b1'), item('b2')] }),
        item('c', { dependsOn: ['b'] }),
        item('d', { dependsOn: ['c', 'b2'] }),
      ],
    };
    const edited = editPlan(plan, { skip: ['b', 'c'], items: {} });
    assert.deepEqual(keysOf(edited), ['a', 'd']);
    assert.deepEqual(edited?.items[1]?.dependsOn, ['a', '#7']);
    assert.equal(editPlan(plan, { skip: ['a', 'b', 'c', 'd'], items: {} }), undefined);
  });

  it('keeps the order of the rest for any choice', () => {
    const size = 12;
    const edges = fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 30 });
    fc.assert(
      fc.property(edges, fc.uniqueArray(fc.nat(size - 1)), (pairs, left) => {
        const items = Array.from({ length: size }, (_, at) =>
          item(`k${at}`, {
            // Only earlier items, so that there is no cycle.
            dependsOn: [...new Set(pairs.filter(([a, b]) => a === at && b < at).map(([, b]) => `k${b}`))],
          }),
        );
        const plan: Plan = { items };
        const skip = left.map((at) => `k${at}`);
        const edited = editPlan(plan, { skip, items: {} });
        if (edited === undefined) return assert.equal(skip.length, size);
        assert.deepEqual(
          planProblems(edited, () => false),
          [],
        );
        assert.deepEqual(
          keysOf(edited),
          keysOf(plan).filter((key) => !skip.includes(key)),
        );
        // An item that was after another one, at any distance, still is.
        const before = reach(plan);
        const after = reach(edited);
        for (const [key, earlier] of after) {
          const expected = [...(before.get(key) ?? [])].filter((each) => !skip.includes(each)).sort();
          assert.deepEqual([...earlier].sort(), expected);
        }
      }),
    );
  });
});

/** All items before each item. */
function reach(plan: Plan): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { item: each } of creationOrder(placedItems(plan)).order) {
    const own = new Set<string>();
    for (const name of each.dependsOn ?? []) {
      own.add(name);
      for (const earlier of found.get(name) ?? []) own.add(earlier);
    }
    found.set(each.key, own);
  }
  return found;
}
