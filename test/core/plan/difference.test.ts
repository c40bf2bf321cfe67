import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparePlans } from '../../../src/core/plan/difference.ts';
import { planSchema } from '../../../src/core/plan/plan.ts';

const plan = (items: unknown) => planSchema.parse({ items });

test('two versions of a plan are one tree, with removed items in their place', () => {
  const before = plan([
    { key: 'first', title: 'First' },
    {
      key: 'p',
      kind: 'group',
      title: 'P',
      children: [
        { key: 'a', title: 'A' },
        { key: 'b', title: 'B' },
      ],
    },
    { key: 'q', kind: 'group', title: 'Q', children: [{ key: 'c', title: 'C', dependsOn: ['a'] }] },
  ]);
  const after = plan([
    {
      key: 'p',
      kind: 'group',
      title: 'P',
      children: [
        { key: 'b', title: 'B2', acceptance: ['It works.'] },
        { key: 'n', title: 'N' },
      ],
    },
  ]);
  assert.deepEqual(
    comparePlans(before, after).map(({ change, item, depth, fields }) => [change, item.title, depth, ...fields]),
    [
      ['removed', 'First', 0],
      ['same', 'P', 0],
      ['removed', 'A', 1],
      ['changed', 'B2', 1, 'title', 'acceptance'],
      ['added', 'N', 1],
      ['removed', 'Q', 0],
      ['removed', 'C', 1],
    ],
  );
});
