import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toolReach } from '../../../src/core/policy/tool-reach.ts';

describe('the reach of a list of allowed tools', () => {
  const cases: Readonly<Record<string, string>> = {
    '': 'none none none none',
    'file_operations:read': 'all none none none',
    'file_operations:write': 'all all none none',
    'file_operations(src/**)': 'some some none none',
    'file_operations:read file_operations:write(docs/**)': 'all some none none',
    'code_execution(npm test) code_execution(ls)': 'none none some none',
    'code_execution(npm test) code_execution': 'none none all none',
    'markdown_processing web_search': 'some some none all',
    'mcp:github debugging_tools nonsense': 'none none none none',
  };
  for (const [list, expected] of Object.entries(cases)) {
    // A scope may have a space in it.
    const allowed = list.match(/[^\s(]+(?:\([^)]*\))?/g) ?? [];
    it(list === '' ? 'nothing' : list, () => {
      const { read, write, run, web } = toolReach(allowed);
      assert.equal([read, write, run, web].join(' '), expected);
    });
  }
});
