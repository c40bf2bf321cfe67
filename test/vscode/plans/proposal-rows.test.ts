import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planSchema } from '../../../src/core/plan/plan.ts';
import { proposalRows } from '../../../src/vscode/plans/proposal-rows.ts';

const plan = (items: unknown) => planSchema.parse({ items });
const before = plan([
  {
    key: 'g',
    kind: 'group',
    title: 'Group',
    children: [
      { key: 'a', title: 'A' },
      { key: 'b', title: 'B', dependsOn: ['a'] },
    ],
  },
  { key: 'h', kind: 'group', title: 'Other', children: [{ key: 'c', title: 'C' }] },
  { key: 'd', title: 'D' },
]);

test('a proposal shows changed items in their groups, with the texts before and after', () => {
  const after = plan([
    {
      key: 'g',
      kind: 'group',
      title: 'Group',
      children: [
        { key: 'a', title: 'A2\u202e' },
        { key: 'b', title: 'B', dependsOn: ['d', '#7'] },
      ],
    },
    { key: 'h', kind: 'group', title: 'Other', children: [{ key: 'c', title: 'C' }] },
    { key: 'd', kind: 'group', title: 'D', children: [{ key: 'n', title: 'N', acceptance: ['It works'] }] },
  ]);
  assert.deepEqual(
    proposalRows(before, after).map(({ key, change, depth, ...texts }) => [key, change, depth, texts]),
    [
      ['g', 'same', 0, { title: 'Group', before: '', details: [] }],
      ['a', 'changed', 1, { title: 'A2', before: 'A', details: [] }],
      [
        'b',
        'changed',
        1,
        { title: 'B', before: '', details: [{ label: 'Starts after', before: 'A2', after: 'D\n#7' }] },
      ],
      ['d', 'same', 0, { title: 'D', before: '', details: [] }],
      [
        'n',
        'added',
        1,
        { title: 'N', before: '', details: [{ label: 'Acceptance criteria', before: '', after: 'It works' }] },
      ],
    ],
  );
});

test('a removed group is shown with its parts; equal plans have no rows', () => {
  const { items } = before;
  const left = { ...before, items: items.slice(1) };
  assert.deepEqual(
    proposalRows(before, left).map(({ key, change }) => [key, change]),
    [
      ['g', 'removed'],
      ['a', 'removed'],
      ['b', 'removed'],
    ],
  );
  assert.deepEqual(proposalRows(before, before), []);
});
