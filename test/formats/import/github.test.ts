import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type PlacedItem, placedItems } from '../../../src/core/plan/plan.ts';
import { importTexts } from '../../../src/formats/import/import-text.ts';

const issue = (number: number, more: object = {}): object => ({
  number,
  title: `Issue ${number}`,
  body: '',
  url: `https://github.com/acme/shop/issues/${number}`,
  state: 'OPEN',
  stateReason: null,
  parent: null,
  milestone: null,
  labels: { nodes: [] },
  assignees: { nodes: [] },
  ...more,
});

function imported(issues: readonly object[]): Map<string, PlacedItem> {
  const text = issues.map((each) => JSON.stringify(each)).join('\n');
  const { plan } = importTexts([{ name: 'acme/shop', text }], 'acme/shop', { format: 'github' });
  assert.deepEqual(plan.source, { tool: 'github', file: 'acme/shop' });
  return new Map(placedItems(plan).map((each) => [each.item.key, each]));
}

describe('issues of GitHub', () => {
  it('keep state, labels, milestone, assignees and order', () => {
    const all = imported([
      issue(1, {
        labels: { nodes: [{ name: 'bug' }] },
        milestone: { title: 'v1' },
        assignees: { nodes: [{ login: 'ann' }] },
      }),
      issue(2, { body: 'Blocked by #1, #3 and #99. Depends on #2.' }),
      issue(3, { state: 'CLOSED', stateReason: 'COMPLETED' }),
      issue(4, { state: 'CLOSED', stateReason: 'NOT_PLANNED' }),
    ]);
    const [one, two, three, four] = ['1', '2', '3', '4'].map((key) => all.get(key)?.item);
    assert.deepEqual(one?.labels, ['bug', 'v1']);
    assert.deepEqual(one?.metadata?.['imported'], {
      url: 'https://github.com/acme/shop/issues/1',
      assignees: ['ann'],
      milestone: 'v1',
    });
    assert.deepEqual(two?.dependsOn, ['1', '3']);
    assert.deepEqual([three?.status, four?.status, one?.status], ['completed', 'cancelled', undefined]);
  });

  it('become parts by sub-issues and task lists; other lines are parts of their own', () => {
    const body =
      'Todo:\n\n- [ ] #2\n- [x] https://github.com/acme/shop/issues/3\n- [x] Write the text\r\n* [ ] Ask Ann\n- [ ] #99';
    const all = imported([issue(1, { body }), issue(2), issue(3), issue(4, { parent: { number: 2 } })]);
    const parents = [...all].map(([key, { parent }]) => [key, parent?.key]);
    assert.deepEqual(Object.fromEntries(parents), {
      1: undefined,
      2: '1',
      3: '1',
      4: '2',
      '1.1': '1',
      '1.2': '1',
    });
    assert.deepEqual([all.get('1.1')?.item.title, all.get('1.1')?.item.status], ['Write the text', 'completed']);
    assert.deepEqual([all.get('1.2')?.item.title, all.get('1.2')?.item.status], ['Ask Ann', undefined]);
  });

  it('are read from the list of gh issue list, too, and a cycle of parents is no fault', () => {
    const list = JSON.stringify([{ number: 7, title: 'A', body: '', state: 'OPEN', labels: [{ name: 'x' }] }]);
    const { plan } = importTexts([{ name: 'a', text: list }], 'a', { format: 'github' });
    assert.deepEqual(plan.items[0]?.labels, ['x']);
    const all = imported([issue(1, { parent: { number: 2 } }), issue(2, { parent: { number: 1 } })]);
    assert.equal(all.size, 2);
  });
});
