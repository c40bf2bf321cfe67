import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyText, fieldText } from '../../../src/vscode/task/fields/field-text.ts';
import { changedMeanwhile, fieldsOf, updateInput } from '../../../src/vscode/task/fields/task-fields.ts';
import { newTask, taskWith } from '../../core/fixtures.ts';

const none = (): undefined => undefined;

test('every field of a task has its value in words', () => {
  const other = taskWith({ id: 'other' as never, number: 7, title: 'First\nthing' });
  const fields = fieldsOf(
    taskWith({
      tool: 'CLAUDECODE',
      labels: ['api', 'ui'],
      depends_on: ['other', 'gone'] as never,
      constraints: { max_tokens: 20_000, max_cost_usd: 2.5, allowed_tools: [] },
    }),
  );
  const words = (name: keyof typeof fields) => fieldText(name, fields, (id) => (id === 'other' ? other : undefined));
  assert.equal(words('tool'), 'CLAUDECODE');
  assert.equal(words('label'), 'api, ui');
  assert.equal(words('dependsOn'), '#7 First thing, a deleted task');
  assert.equal(words('budgetTokens'), '20,000 tokens');
  assert.equal(words('budgetCost'), '$2.50');
  assert.equal(words('budgetMinutes'), undefined);
  assert.equal(words('allowedTools'), 'none');
  assert.equal(words('isolation'), undefined);
  assert.equal(words('requiresApproval'), 'not required');
  assert.equal(emptyText('budgetMinutes'), 'no limit');
  assert.equal(emptyText('allowedTools'), 'all');
});

test('a field without a value has words for it', () => {
  const fields = fieldsOf(newTask());
  for (const name of Object.keys(fields) as (keyof typeof fields)[]) {
    assert.ok((fieldText(name, fields, none) ?? emptyText(name)).length > 0, name);
  }
});

test('a change conflicts only with a change of the same field', () => {
  const before = fieldsOf(newTask());
  const change = { label: ['mine'] };
  assert.equal(changedMeanwhile(before, { ...before, priority: 'high' }, change), undefined);
  assert.equal(changedMeanwhile(before, { ...before, label: ['theirs'] }, change), 'label');
  assert.deepEqual(updateInput({ label: ['a'], allowedTools: null, project: null }), {
    label: ['a'],
    allowedTools: null,
    project: null,
  });
});
