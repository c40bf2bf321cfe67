import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planSchema } from '../../../src/core/plan/plan.ts';
import { acceptedPart, refinementIn, refineOrder, refinePlan } from '../../../src/core/plan/refine.ts';
import { askForJson } from '../../../src/core/text/json-in.ts';

const plan = planSchema.parse({
  items: [
    {
      key: 'p',
      kind: 'group',
      title: 'Phase',
      children: [
        { key: 'a', title: 'Setup' },
        { key: 'b', title: 'B', dependsOn: ['a'] },
      ],
    },
    { key: 'c', title: 'C', dependsOn: ['b'] },
  ],
});
const answer = (value: unknown): string => `Done.\n\n\`\`\`json\n${JSON.stringify(value)}\n\`\`\``;

describe('refining a plan', () => {
  it('applies changes, removals and additions, and lists the differences', () => {
    const refinement = refinementIn(
      answer({
        change: [{ key: 'a', title: 'Set up the database' }],
        remove: ['b'],
        add: [{ key: 'n', title: 'Test', parent: 'p', dependsOn: ['a'] }],
      }),
    );
    assert.ok(refinement !== undefined);
    const { plan: refined, differences } = refinePlan(plan, refinement) ?? {};
    assert.deepEqual(
      refined?.items.map(({ key, children }) => [key, children?.map((child) => child.key)]),
      [
        ['p', ['a', 'n']],
        ['c', undefined],
      ],
    );
    assert.deepEqual(refined?.items[1]?.dependsOn, ['a'], 'the dependencies of a removed item remain');
    assert.deepEqual(differences, [
      { change: 'changed', key: 'a', title: 'Set up the database', before: 'Setup', fields: ['title'] },
      { change: 'removed', key: 'b', title: 'B' },
      { change: 'added', key: 'n', title: 'Test' },
      { change: 'changed', key: 'c', title: 'C', fields: ['dependsOn'] },
    ]);
  });

  it('keeps only the accepted changes, and what they need', () => {
    const whole = {
      change: [{ key: 'c', title: 'See', dependsOn: ['n', 'b'] }],
      remove: ['p'],
      add: [{ key: 'n', title: 'N' }],
    };
    const left = (...keys: string[]) => acceptedPart(plan, whole, new Set(keys));
    assert.deepEqual(
      left('c').change,
      [{ key: 'c', title: 'See', dependsOn: ['b'] }],
      'no dependency on a refused addition',
    );
    assert.deepEqual(left('c', 'n').change, whole.change);
    assert.deepEqual([left('p', 'a').remove, left('p', 'a', 'b').remove], [['a'], ['a', 'b', 'p']]);
    assert.deepEqual(left(), { change: [], remove: [], add: [] });
  });

  it('takes no agent, script or limit, and no item that is there already', () => {
    const refinement = refinementIn(
      answer({
        change: [
          { key: 'a', agent: 'SHELL', instructions: 'rm -rf /', constraints: { max_tokens: 1 } },
          { key: 'zzz', title: 'x' },
        ],
        add: [{ key: 'a', title: 'Again' }],
      }),
    );
    assert.ok(refinement !== undefined);
    const refined = refinePlan(plan, refinement);
    assert.deepEqual([refined?.plan, refined?.differences], [plan, []]);
  });

  it('reads nothing from another form, and refuses to leave nothing', () => {
    for (const message of ['No changes.', answer({ remove: 'all' }), answer({ add: [{ title: 'No key' }] })]) {
      assert.equal(refinementIn(message), undefined, message);
    }
    assert.equal(refinePlan(plan, { change: [], remove: ['p', 'c'], add: [] }), undefined);
  });

  it('asks with the keys of the items and the text', () => {
    const order = refineOrder(plan, 'The specification.');
    assert.match(order, /- \[p\] Phase \(group\)\n {2}- \[a\] Setup\n {2}- \[b\] B after a\n- \[c\] C after b/);
    assert.match(order, /## The specification\n\nThe specification\./);
    assert.ok(order.includes(askForJson('your changes', '').split('\n')[0] ?? ''));
  });
});
