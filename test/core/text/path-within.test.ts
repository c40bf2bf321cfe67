import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { namesWithin, pathWithin } from '../../../src/core/text/path-within.ts';

describe('displayed paths', () => {
  it('are relative to the folder, or to its worktree', () => {
    assert.equal(pathWithin('/w/src/a.ts', '/w'), 'src/a.ts');
    assert.equal(pathWithin('/w/.systemprompt/worktrees/3-fix/src/a.ts', '/w'), 'src/a.ts');
    assert.equal(pathWithin('C:\\w\\.systemprompt\\worktrees\\3-fix\\a.ts', 'C:\\w'), 'a.ts');
    assert.equal(pathWithin('/w/.systemprompt/worktrees/3-fix', '/w'), '.systemprompt/worktrees/3-fix');
    assert.equal(pathWithin('/wide/a.ts', '/w'), '/wide/a.ts');
    assert.equal(pathWithin('/w', '/w'), '/w');
  });

  it('are shortened anywhere within a line, and other paths stay', () => {
    const says = (text: string): string => namesWithin(text, '/w');
    assert.equal(says('/w/src/a.ts'), 'src/a.ts');
    assert.equal(says('move "/w/a" to /w/b, not /w/../c'), 'move "a" to b, not ../c');
    assert.equal(says('cat /w/w/w/a'), 'cat w/w/a');
    assert.equal(says('/x/w/a and /w and /w/ and https://h/w/a'), '/x/w/a and /w and /w/ and https://h/w/a');
    assert.equal(namesWithin('edit C:\\w\\a.ts', 'C:\\w'), 'edit a.ts');
    assert.equal(namesWithin('/a', '/'), '/a');
  });
});
