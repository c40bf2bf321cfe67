import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { placedItems } from '../../../src/core/plan/plan.ts';
import { parseSpec } from '../../../src/formats/spec/parse.ts';
import { findTick } from '../../../src/formats/spec/tick.ts';

const ticked = (text: string, position: number): string => `${text.slice(0, position)}x${text.slice(position + 1)}`;

describe('findTick', () => {
  it('finds the box by its text, in every kind of list and line end', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      for (const mark of ['-', '*', '+', '1.', '2)']) {
        const text = `\ufeff# Plan${end}${end}  ${mark} [ ] Write it${end}- [ ] Other${end}`;
        const found = findTick(text, { line: 3, words: 'Write it' });
        assert.equal(found.kind, 'open');
        assert.ok(found.kind === 'open' && ticked(text, found.position).includes(`${mark} [x] Write it`));
      }
    }
  });

  it('follows a line that moved, and not one that changed or that two lines have', () => {
    const text = '- [ ] New\n- [ ] A\n- [x] B\n- [ ] Twice\n- [ ] Twice\n';
    assert.equal(findTick(text, { line: 1, words: 'A' }).kind, 'open');
    assert.equal(findTick(text, { line: 3, words: 'B' }).kind, 'ticked');
    assert.equal(findTick(text, { line: 1, words: 'Twice' }).kind, 'changed');
    assert.deepEqual(findTick(text, { line: 5, words: 'Twice' }), { kind: 'open', position: text.lastIndexOf(' ]') });
    assert.equal(findTick(text, { line: 2, words: 'A, renamed' }).kind, 'changed');
  });

  it('never ticks in code and comments, nor a line without a box', () => {
    const text = '```\n- [ ] A\n```\n<!-- - [ ] A -->\n- A\n';
    for (const line of [2, 4, 5]) assert.equal(findTick(text, { line, words: 'A' }).kind, 'changed');
  });

  it('changes exactly the box of each task of any checklist', () => {
    const word = fc.stringMatching(/^[A-Za-z][a-z ]{0,12}[a-z]$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { minLength: 1, maxLength: 12 }),
        fc.constantFrom('\n', '\r\n'),
        (words, end) => {
          const text = words.map((each) => `- [ ] ${each}`).join(end);
          const { plan } = parseSpec(text);
          for (const { item } of placedItems(plan)) {
            const { line = 0, text: source = '' } = item.source ?? {};
            const found = findTick(text, { line, words: source });
            assert.equal(found.kind, 'open');
            if (found.kind !== 'open') continue;
            const lines = ticked(text, found.position).split(end);
            assert.deepEqual(
              lines.map((each, at) => (each === text.split(end)[at] ? -1 : at + 1)).filter((at) => at > 0),
              [line],
            );
          }
        },
      ),
    );
  });
});
