import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LineComment, reviewPrompt } from '../../../src/core/agent/review-prompt.ts';

const comment: LineComment = {
  file: 'src/words.js',
  first: 12,
  last: 12,
  before: false,
  code: '  return list[0];',
  text: 'Handle the empty list.',
};

test('all comments are one prompt with file and line, by file and line', () => {
  const prompt = reviewPrompt([
    comment,
    { ...comment, file: 'README.md', first: 1, last: 3, code: '', text: 'Too long.' },
    { ...comment, first: 4, last: 4, before: true, text: 'Why was this removed?' },
  ]);
  assert.equal(
    prompt,
    `A person reviewed your changes and left 3 comments. Address each one.

src/words.js:4 (before your change)
> return list[0];
Why was this removed?

src/words.js:12
> return list[0];
Handle the empty list.

README.md:1-3
Too long.`,
  );
});

test('a reason of the person comes first', () => {
  assert.match(reviewPrompt([comment]), /^A person reviewed your changes and left a comment\./);
  assert.match(reviewPrompt([comment], 'Not ready.'), /^Not ready\.\n\nsrc\/words\.js:12\n/);
});
