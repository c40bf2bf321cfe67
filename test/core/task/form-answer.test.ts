import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TaskError } from '../../../src/core/errors.ts';
import { stepSentence } from '../../../src/core/next-step.ts';
import type { QuestionField } from '../../../src/core/task/approval.ts';
import { answerContent, answerOfPairs } from '../../../src/core/task/form-answer.ts';

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
  assert.deepEqual(answerContent(two, '{"a": "x"}'), { a: 'x' });
  assert.deepEqual(answerContent(two, 'a: first line\nsecond: line\nb: 1'), { a: 'first line\nsecond: line', b: 1 });
});

test('an invalid answer is refused with the expected format', () => {
  assert.throws(() => answerContent([field('ok', 'boolean')], 'maybe'), /must be yes or no/);
  assert.throws(() => answerContent([field('n', 'integer')], '1.5'), /whole number/);
  assert.throws(() => answerContent([field('a', 'string'), field('b', 'string')], 'a: 1'), /"b" is missing/);
});

test('words without a name go to the field that they fit', () => {
  const options = [{ value: 'Blue' }, { value: 'Red' }];
  const choice = field('question_0', 'string', { options, required: false });
  const other = field('question_0_custom', 'string', { required: false });
  assert.deepEqual(answerContent([choice, other], 'blue'), { question_0: 'Blue' });
  assert.deepEqual(answerContent([choice, other], 'Teal: a mix'), { question_0_custom: 'Teal: a mix' });
  const list = field('tags', 'array', { options, required: false });
  assert.deepEqual(answerContent([other, list], 'red, blue'), { tags: ['Red', 'Blue'] });
  const count = field('count', 'integer');
  assert.deepEqual(answerContent([other, count], '3'), { count: 3 });
});

test('an answer that fits no field is refused with the names of the fields', () => {
  const options = [{ value: 'Blue' }, { value: 'Red' }];
  const fields = [
    field('colour', 'string', { options, required: false }),
    field('size', 'integer', { required: false }),
  ];
  const names = (error: unknown): boolean => {
    assert.ok(TaskError.is(error, 'InvalidInput'));
    assert.match(error.next.map(stepSentence).join(), /colour \(Blue \| Red, optional\), size \(optional\)/);
    return true;
  };
  for (const answer of ['Teal', '{"shade": "Blue"}', '{}', 'colour:']) {
    assert.throws(() => answerContent(fields, answer), names, answer);
  }
  assert.throws(() => answerContent(fields, 'colour: Teal'), /"colour" must be one of Blue, Red/);
});

test('values by name make one answer', () => {
  const fields = [field('color', 'string'), field('a=b', 'number', { required: false })];
  const answer = answerOfPairs(fields, ['color=x=1', 'a=b=2']);
  assert.deepEqual(answerContent(fields, answer), { color: 'x=1', 'a=b': 2 });
  assert.throws(() => answerOfPairs(fields, ['colour=x']), /no field "colour"/);
  assert.throws(() => answerOfPairs(fields, ['color']), /no field "color"/);
  assert.throws(() => answerOfPairs([], ['color=x']), /no fields/);
});
