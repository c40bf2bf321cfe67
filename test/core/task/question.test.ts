import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QuestionField } from '../../../src/core/task/approval.ts';
import { answerContent, questionIn } from '../../../src/core/task/question.ts';

test('a message is a question if its last line ends with a question mark', () => {
  assert.equal(questionIn('Done.\n\n**Shall I go on?**\n')?.title, 'Shall I go on?');
  assert.equal(questionIn('続けますか？')?.title, '続けますか？');
  assert.equal(questionIn('Is it red? It is.'), undefined);
  assert.equal(questionIn('Shall I?\n```\nnpm test\n```'), undefined);
  assert.equal(questionIn(''), undefined);
});

const field = (name: string, type: QuestionField['type'], more: Partial<QuestionField> = {}): QuestionField => ({
  name,
  type,
  required: true,
  ...more,
});

test('an answer in words is converted to the values that the agent requested', () => {
  assert.deepEqual(answerContent([], 'yes'), {});
  assert.deepEqual(answerContent([field('name', 'string')], ' a: b '), { name: 'a: b' });
  assert.deepEqual(answerContent([field('ok', 'boolean')], 'Yes'), { ok: true });
  assert.deepEqual(answerContent([field('n', 'integer')], '3'), { n: 3 });
  const options = [{ value: 'a', title: 'First' }, { value: 'b' }];
  assert.deepEqual(answerContent([field('which', 'string', { options })], 'first'), { which: 'a' });
  assert.deepEqual(answerContent([field('which', 'array', { options })], 'first, b'), { which: ['a', 'b'] });
  const two = [field('a', 'string'), field('b', 'number', { required: false })];
  assert.deepEqual(answerContent(two, 'a: x=1\nb = 2.5'), { a: 'x=1', b: 2.5 });
  assert.deepEqual(answerContent(two, '{"a": "x", "other": 1}'), { a: 'x' });
});

test('an invalid answer is refused with the expected format', () => {
  assert.throws(() => answerContent([field('ok', 'boolean')], 'maybe'), /yes or no/);
  assert.throws(() => answerContent([field('n', 'integer')], '1.5'), /whole number/);
  assert.throws(() => answerContent([field('a', 'string'), field('b', 'string')], 'a: 1'), /"b" is missing/);
});
