import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { newTaskRecord } from '../../../src/core/task/create.ts';
import { applyUpdate } from '../../../src/core/task/update.ts';
import { parseAllowedTool } from '../../../src/core/tools/tool-grammar.ts';
import { refusal, taskWith } from '../fixtures.ts';

describe('the grammar of allowed tools', () => {
  it('accepts the names and scopes of the specification (F136, F137, F138)', () => {
    assert.deepEqual(parseAllowedTool('file_operations'), {
      category: 'file_operations',
      access: undefined,
      glob: undefined,
    });
    assert.deepEqual(parseAllowedTool(' file_operations:read '), {
      category: 'file_operations',
      access: 'read',
      glob: undefined,
    });
    assert.deepEqual(parseAllowedTool('file_operations:write(src/**)'), {
      category: 'file_operations',
      access: 'write',
      glob: 'src/**',
    });
    assert.deepEqual(parseAllowedTool('code_execution'), { category: 'code_execution', prefix: undefined });
    assert.deepEqual(parseAllowedTool('code_execution(npm test)'), {
      category: 'code_execution',
      prefix: ['npm', 'test'],
    });
    assert.deepEqual(parseAllowedTool('mcp:github'), { category: 'mcp', server: 'github' });
    for (const category of ['web_search', 'markdown_processing', 'debugging_tools']) {
      assert.deepEqual(parseAllowedTool(category), { category });
    }
  });

  it('rejects unknown tools', () => {
    const wrong = [
      '',
      'everything',
      'file_operations:append',
      'file_operations()',
      'file_operations(../up)',
      'file_operations(/etc/**)',
      'file_operations(a/../../b)',
      'file_operations(~/x)',
      'code_execution:read',
      'code_execution()',
      'code_execution(a; b)',
      'code_execution(a && b)',
      'code_execution(FOO=1 npm test)',
      'code_execution($X)',
      'web_search(x)',
      'web_search:read',
      'mcp:',
      'mcp:a b',
      'mcp:a(b)',
      'WEB_SEARCH',
      'web_search\nweb_search',
    ];
    for (const text of wrong) assert.equal(parseAllowedTool(text), undefined, text);
  });

  it('lists the valid tools when a task is created or changed', () => {
    const constraints = { allowed_tools: ['web_search', 'everything'] };
    for (const act of [
      () => newTaskRecord({ title: 'x', constraints }, '2026-01-01T00:00:00.000Z'),
      () => applyUpdate(taskWith({}), { constraints }, '2026-01-01T00:00:00.000Z'),
    ]) {
      assert.match(refusal(act, 'InvalidInput').message, /file_operations:read.*mcp:<server>/);
    }
  });

  it('never throws, and round-trips its own output', () => {
    const piece = fc.constantFrom(
      'file_operations',
      'code_execution',
      'mcp',
      ':',
      'read',
      '(',
      ')',
      '*',
      'src/',
      ' ',
      ';',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (value) => {
        const tool = parseAllowedTool(value);
        assert.deepEqual(parseAllowedTool(` ${value.trim()} `), tool);
        if (tool?.category === 'code_execution') assert.ok(!/[;&|<>$`\n]/.test(value));
      }),
    );
  });
});
