import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { parseOrigin } from '../../../src/vscode/plans/plan-origin.ts';
import { noteTexts, planRows, templateFields } from '../../../src/vscode/plans/plan-rows.ts';

const plan: Plan = {
  items: [
    {
      key: 'g',
      kind: 'group',
      title: 'Group',
      children: [
        { key: 'a', kind: 'work', title: 'A', description: 'One\u202etwo', constraints: { max_tokens: 5 } },
        { key: 'b', kind: 'work', title: 'B\u202e', dependsOn: ['a', '#7'], acceptance: ['It works'] },
      ],
    },
  ],
};
const task = (key: string, more: object = {}) => ({
  key,
  title: key,
  kind: 'work' as const,
  agent: 'CODEX',
  depth: 0,
  dependsOn: [],
  change: 'new' as const,
  ...more,
});
const preview = {
  applied: false,
  tasks: [task('g'), task('a', { change: 'changed', number: 3, fields: ['title'] }), task('b')],
  problems: [],
  missing: [{ id: 'x', number: 4, title: 'Old', status: 'pending' as const }],
  notes: [{ message: 'Skipped.' }],
};

describe('the rows of a plan', () => {
  it('show the place, the agent, the limits and the texts of each item', () => {
    const rows = planRows({ plan, notes: [], scores: new Map([['b', 0.6]]) }, preview);
    assert.deepEqual(
      rows.map(({ key, depth, group, agent }) => [key, depth, group, agent]),
      [
        ['g', 0, true, ''],
        ['a', 1, false, 'CODEX'],
        ['b', 1, false, 'CODEX'],
      ],
    );
    const [, a, b] = rows;
    assert.equal(a?.limits.max_tokens, 5);
    assert.equal(a?.change, '#3, changed: title');
    assert.ok(!a?.description.includes('\u202e'), 'characters that do not print are shown as codes');
    assert.ok(!b?.title.includes('\u202e'));
    assert.deepEqual(b?.after, ['A', '#7']);
    assert.equal(b?.description, '- It works');
    assert.deepEqual([b?.score, b?.skipped, a?.skipped], [0.6, true, false]);
  });

  it('come with notes: lines of the source, and tasks that are no longer in it', () => {
    const read = { plan, notes: [{ line: 5, message: 'No task.' }, { message: 'Skipped.' }] };
    assert.deepEqual(noteTexts(read, preview), [
      '#4 Old is no longer in the source. It is kept.',
      'Skipped.',
      'Line 5: No task.',
    ]);
  });
});

describe('the fields of a template', () => {
  it('begin with their defaults', () => {
    const { fields, values } = templateFields([
      { name: 'subject', type: 'string', required: true },
      { name: 'size', type: 'choice', options: ['small', 'large'], default: 'small' },
      { name: 'notes', type: 'text', description: 'Anything else' },
    ]);
    assert.deepEqual(values, { subject: '', size: 'small', notes: '' });
    assert.deepEqual(
      fields.map(({ kind, required }) => [kind, required]),
      [
        ['line', true],
        ['choice', false],
        ['text', false],
      ],
    );
  });
});

describe('the origin that a page kept', () => {
  it('is read again only if it has the expected shape', () => {
    assert.deepEqual(parseOrigin('{"kind":"spec","file":"a.md"}'), { kind: 'spec', file: 'a.md' });
    for (const text of ['', '{', '{"kind":"spec"}', '{"kind":"run","file":"a"}', '{"kind":"code","more":1}']) {
      assert.equal(parseOrigin(text), undefined);
    }
  });
});
