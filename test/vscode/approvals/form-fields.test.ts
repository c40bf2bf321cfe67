import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Approval } from '../../../src/core/task/approval.ts';
import { answerContent } from '../../../src/core/task/form-answer.ts';
import { answerText, formFields } from '../../../src/vscode/approvals/form-fields.ts';

const fields = [
  {
    name: 'database',
    type: 'string',
    options: [{ value: 'pg', title: 'Postgres\u202e' }, { value: 'lite' }],
    required: true,
  },
  { name: 'copies', title: 'How many', type: 'integer', required: false },
  { name: 'fast', type: 'boolean', required: false },
  { name: 'regions', type: 'array', options: [{ value: 'a, b' }, { value: 'c' }], required: false },
  { name: 'tags', type: 'array', required: false },
] as const;

function question(detail: object): Approval {
  const asked = { id: 'a', number: 1, title: 'Which?', status: 'pending', requested_at: '2026-01-01' } as const;
  return { ...asked, kind: 'feedback', detail } as Approval;
}

test('each field of a form has the control of its type', () => {
  const shown = formFields(question({ fields }));
  assert.deepEqual(
    shown.map(({ label, kind, options }) => [label, kind, options.map((option) => option.label)]),
    [
      ['database', 'choice', ['Postgres', 'lite']],
      ['How many', 'number', []],
      ['fast', 'choice', ['Yes', 'No']],
      ['regions', 'many', ['a, b', 'c']],
      ['tags', 'line', []],
    ],
  );
});

test('the values of a form reach the agent with their types', () => {
  const values = { database: 'pg', copies: '2', fast: 'no', regions: ['a, b', 'c'], tags: 'x, y' };
  const text = answerText(question({ fields }), values);
  assert.deepEqual(answerContent(fields as never, text), {
    database: 'pg',
    copies: 2,
    fast: false,
    regions: ['a, b', 'c'],
    tags: ['x', 'y'],
  });
  const least = answerText(question({ fields }), { database: 'lite', copies: ' ', regions: [] });
  assert.deepEqual(answerContent(fields as never, least), { database: 'lite' });
});

test('a question without a form takes a text, and another request takes none', () => {
  const plain = question({});
  assert.deepEqual(formFields(plain), [{ name: '', label: 'Your answer', kind: 'text', options: [], required: true }]);
  assert.equal(answerText(plain, { '': 'The short one.' }), 'The short one.');
  assert.deepEqual(formFields({ ...plain, kind: 'tool' }), []);
});
