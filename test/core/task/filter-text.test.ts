import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseFilter } from '../../../src/core/task/filter-text.ts';

describe('a textual filter', () => {
  it('supports keys with values, lists, quotes and words', () => {
    assert.deepEqual(parseFilter('label:backend'), { label: ['backend'] });
    assert.deepEqual(parseFilter('label:"two words" label:a,b status:failed,cancelled agent:SHELL Log "in it"'), {
      label: ['two words', 'a', 'b'],
      status: ['failed', 'cancelled'],
      tool: ['SHELL'],
      search: 'Log in it',
    });
    assert.deepEqual(parseFilter('project:Shop after:2024-01-01'), { project: 'Shop', createdAfter: '2024-01-01' });
    assert.deepEqual(parseFilter('  '), {});
  });

  for (const text of ['colour:red', 'status:done', 'after:yesterday', 'project:a project:b']) {
    it(`rejects with a reason: ${text}`, () => {
      assert.throws(() => parseFilter(text), { code: 'InvalidInput' });
    });
  }

  it('parses or rejects any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseFilter(text);
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'InvalidInput');
        }
      }),
    );
  });
});
