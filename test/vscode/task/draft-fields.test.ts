import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createInput, draftFields, linesOf, restoredFields } from '../../../src/vscode/task/fields/draft-fields.ts';

const texts = { title: ' Fix it ', description: ' ', instructions: '', acceptance: '- one\n\n* two\nthree' };

test('a form with a title and an agent creates a task with the defaults of everything else', () => {
  assert.deepEqual(createInput({ ...texts, acceptance: '' }, draftFields('SHELL'), true), {
    tool: 'SHELL',
    priority: 'medium',
    requiresApproval: false,
    review: 'none',
    title: 'Fix it',
    start: true,
  });
});

test('set fields reach the task', () => {
  const fields = { ...draftFields('SHELL'), label: ['api'], allowedTools: [], budgetMinutes: 5 };
  const { label, allowedTools, budgetMinutes, acceptance } = createInput(texts, fields, false);
  assert.deepEqual(
    { label, allowedTools, budgetMinutes, acceptance },
    {
      label: ['api'],
      allowedTools: [],
      budgetMinutes: 5,
      acceptance: ['one', 'two', 'three'],
    },
  );
});

test('kept fields of another version are left out', () => {
  const base = draftFields('SHELL');
  assert.deepEqual(restoredFields('{"priority":"high","label":"x","requiresApproval":1,"other":2}', base), {
    ...base,
    priority: 'high',
  });
  assert.deepEqual(restoredFields('{', base), base);
  assert.deepEqual(restoredFields('null', base), base);
});

test('criteria are lines without list marks', () => {
  assert.deepEqual(linesOf(' - a \n\nb*c'), ['a', 'b*c']);
});
