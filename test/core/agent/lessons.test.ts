import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lessonsIn } from '../../../src/core/agent/lessons.ts';
import { withLessons } from '../../../src/core/agent/prompt.ts';

describe('the lessons in notes (F232)', () => {
  const table: readonly (readonly [string, string, string | undefined])[] = [
    ['no section', '# Notes\n\nLessons\n\n### Lessons\n- a', undefined],
    ['an empty section', '## Lessons\n\n \n## More\n- b', undefined],
    ['the last section', '# Notes\n- x\n\n## Lessons\n\n- a\n### Part\n- b\n', '- a\n### Part\n- b'],
    ['a section before others', '## Lessons\n- a\n\n## More\n- b', '- a'],
    ['a section before a title', '## Lessons\n- a\n# More\n- b', '- a'],
    ['a byte order mark and Windows line ends', '\ufeff## lessons\r\n- a\r\n- b\r\n', '- a\n- b'],
    ['control characters', '## Lessons\n- a\u001b[31m', '- a'],
  ];
  for (const [name, notes, expected] of table) {
    it(`are ${expected === undefined ? 'none' : 'found'} for ${name}`, () => assert.equal(lessonsIn(notes), expected));
  }

  it('have at most 4,000 characters', () => {
    const text = lessonsIn(`## Lessons\n${'a'.repeat(5_000)}`);
    assert.deepEqual([text?.length, text?.at(-1)], [4_000, '…']);
    assert.equal(lessonsIn(`## Lessons\n${'a'.repeat(4_000)}`)?.length, 4_000);
  });

  it('go to agents, not to scripts', () => {
    assert.equal(withLessons('Do it', { tool: 'CODEX' }, '- a'), 'Do it\n\n## Lessons from earlier tasks\n\n- a');
    assert.equal(withLessons('echo', { tool: 'SHELL' }, '- a'), 'echo');
    assert.equal(withLessons('Do it', { tool: 'CODEX' }, undefined), 'Do it');
  });
});
