import assert from 'node:assert/strict';
import { test } from 'node:test';
import { questionIn } from '../../../src/core/task/question.ts';

test('a message is a question if its last line ends with a question mark', () => {
  assert.equal(questionIn('Done.\n\n**Shall I go on?**\n')?.title, 'Shall I go on?');
  assert.equal(questionIn('続けますか？')?.title, '続けますか？');
  assert.equal(questionIn('Is it red? It is.'), undefined);
  assert.equal(questionIn('Shall I?\n```\nnpm test\n```'), undefined);
  assert.equal(questionIn(''), undefined);
});
