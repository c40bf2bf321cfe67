import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { creationOrder, planProblems } from '../../../src/core/plan/check.ts';
import { type PlacedItem, type PlanItem, placedItems, planLimits } from '../../../src/core/plan/plan.ts';

const item = (key: string, rest: Partial<PlanItem> = {}): PlanItem => ({ key, kind: 'work', title: key, ...rest });
const nobody = (): boolean => false;

describe('a plan is checked before it is applied', () => {
  it('accepts items that refer to each other and to existing tasks', () => {
    const items = [item('a', { dependsOn: ['b', '#7'] }), item('b', { children: [item('c')] })];
    assert.deepEqual(
      planProblems({ items }, (reference) => reference === '#7'),
      [],
    );
  });

  it('names the item of an unknown reference', () => {
    const [problem] = planProblems({ items: [item('a', { dependsOn: ['ghost'] })] }, nobody);
    assert.deepEqual({ kind: problem?.kind, key: problem?.key }, { kind: 'unknownReference', key: 'a' });
    assert.match(problem?.message ?? '', /"ghost"/);
  });

  it('names each duplicate key once', () => {
    const problems = planProblems({ items: [item('a'), item('a'), item('b', { children: [item('a')] })] }, nobody);
    assert.deepEqual(
      problems.map(({ kind, key }) => [kind, key]),
      [['duplicateKey', 'a']],
    );
  });

  it('names the items of a cycle, also of one through a parent', () => {
    const cycle = planProblems({ items: [item('a', { dependsOn: ['b'] }), item('b', { dependsOn: ['a'] })] }, nobody);
    assert.equal(cycle[0]?.message, 'Dependency cycle: "a" → "b" → "a".');
    const through = [item('a', { dependsOn: ['c'] }), item('b', { dependsOn: ['a'], children: [item('c')] })];
    assert.equal(planProblems({ items: through }, nobody)[0]?.kind, 'cycle');
  });

  it('refuses plans that are too large or too deep', () => {
    const many = Array.from({ length: planLimits.items + 1 }, (_, index) => item(`i${index}`));
    assert.equal(planProblems({ items: many }, nobody)[0]?.kind, 'tooMany');
    let deep = item('end');
    for (let level = 0; level < planLimits.depth; level++) deep = item(`l${level}`, { children: [deep] });
    assert.equal(planProblems({ items: [deep] }, nobody)[0]?.kind, 'tooDeep');
  });

  it('orders a chain of 10,000 items', () => {
    const items = Array.from({ length: 10_000 }, (_, index) =>
      item(`i${index}`, { dependsOn: index === 9_999 ? [] : [`i${index + 1}`] }),
    );
    const { order } = creationOrder(placedItems({ items }));
    assert.equal(order[0]?.item.key, 'i9999');
    assert.equal(order.length, 10_000);
  });

  it('puts each item after its parent and its dependencies in any plan', () => {
    const plans = fc.array(fc.record({ after: fc.array(fc.nat(30), { maxLength: 4 }), under: fc.option(fc.nat(30)) }), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(plans, (drafts) => {
        const items = drafts.map((_, index) => item(`i${index}`));
        const placed: PlacedItem[] = drafts.map(({ after, under }, index) => ({
          // Only earlier items, so that there is no cycle; shuffled by reversing below.
          item: {
            ...item(`i${index}`),
            dependsOn: [...new Set(after)].filter((other) => other < index).map((other) => `i${other}`),
          },
          parent: under !== null && under < index ? items[under] : undefined,
          depth: 0,
        }));
        const { order, cycle } = creationOrder([...placed].reverse());
        assert.equal(cycle, undefined);
        assert.equal(order.length, placed.length);
        const position = new Map(order.map((each, index) => [each.item.key, index] as const));
        for (const each of order) {
          const before = [...(each.item.dependsOn ?? []), ...(each.parent === undefined ? [] : [each.parent.key])];
          for (const key of before) assert.ok((position.get(key) ?? 0) < (position.get(each.item.key) ?? 0));
        }
      }),
    );
  });
});
