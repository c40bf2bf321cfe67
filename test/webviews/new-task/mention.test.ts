import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mentionAt, withMention } from '../../../src/webviews/new-task/mention.ts';

test('a mention begins with @ at the beginning of a word', () => {
  assert.deepEqual(mentionAt('fix @src/a', 10), { start: 4, query: 'src/a' });
  assert.deepEqual(mentionAt('@', 1), { start: 0, query: '' });
  assert.deepEqual(mentionAt('(@a', 3), { start: 1, query: 'a' });
  assert.equal(mentionAt('me@example.com', 14), undefined);
  assert.equal(mentionAt('@a b', 4), undefined);
});

test('a chosen file takes the place of the mention, and typing continues after it', () => {
  assert.deepEqual(withMention('fix @re now', 7, 'README.md'), { text: 'fix @README.md now', position: 15 });
  assert.deepEqual(withMention('no mention', 4, 'a'), { text: 'no mention', position: 4 });
});
