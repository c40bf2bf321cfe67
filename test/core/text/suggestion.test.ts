import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { priorities, taskStatuses } from '../../../src/core/task/values.ts';
import { didYouMean, sameWord } from '../../../src/core/text/suggestion.ts';

describe('didYouMean', () => {
  it('finds the value for a misspelling in any case', () => {
    const cases = [
      ['hihg', 'high'],
      ['critcal', 'critical'],
      ['CRITICLE', 'critical'],
      ['meduim', 'medium'],
    ] as const;
    for (const [word, meant] of cases) assert.equal(didYouMean(word, priorities), `Did you mean "${meant}"?`);
    assert.equal(didYouMean('in-progres', taskStatuses), 'Did you mean "in_progress"?');
    assert.equal(didYouMean('fix logn test', ['Write docs', 'Fix login test']), 'Did you mean "Fix login test"?');
  });

  it('suggests nothing for distant words', () => {
    for (const word of ['urgent', '', 'nothing']) assert.equal(didYouMean(word, priorities), undefined);
  });

  it('suggests nothing for words that are close to every short name', () => {
    for (const word of ['9', 'B', '12']) assert.equal(didYouMean(word, ['A', '1', '13']), undefined);
    assert.equal(didYouMean('hgh', priorities), 'Did you mean "high"?');
  });

  it('removes control characters of a title', () => {
    assert.equal(didYouMean('Fix it', ['Fix\u001b[2Jit']), undefined);
    assert.equal(didYouMean('Fix it no', ['Fix it \u202eno']), 'Did you mean "Fix it no"?');
  });
});

describe('sameWord', () => {
  it('ignores case, hyphens and underscores, and nothing else', () => {
    assert.equal(sameWord('HIGH', priorities), 'high');
    assert.equal(sameWord('In-Progress', taskStatuses), 'in_progress');
    assert.equal(sameWord('hig', priorities), undefined);
  });
});
