import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isAllowedTool, type Places, toolUseOf } from '../../../src/core/policy/tool-request.ts';
import type { ToolUse } from '../../../src/core/policy/tool-use.ts';

const read: ToolUse = { category: 'file_operations', access: 'read' };
const write: ToolUse = { category: 'file_operations', access: 'write' };

function run(...words: string[]): ToolUse {
  return { category: 'code_execution', words };
}

describe('the use of a tool request', () => {
  it('follows the kinds of the protocol', () => {
    const kinds = { read, search: read, edit: write, delete: write, move: write } as const;
    for (const [toolKind, use] of Object.entries(kinds)) assert.deepEqual(toolUseOf({ toolKind }), use);
    assert.deepEqual(toolUseOf({ toolKind: 'fetch' }), { category: 'web_search' });
    assert.deepEqual(toolUseOf({ toolKind: 'execute' }), { category: 'code_execution', words: undefined });
    for (const toolKind of ['think', 'switch_mode']) assert.deepEqual(toolUseOf({ toolKind }), { category: 'none' });
    assert.deepEqual(toolUseOf({ toolKind: 'other', toolName: 'frobnicate' }), { category: 'unknown' });
    assert.deepEqual(toolUseOf({}), { category: 'unknown' });
  });

  it('follows the name if the kind is missing', () => {
    const names = {
      WebFetch: 'web_search',
      Bash: 'code_execution',
      lint: 'debugging_tools',
      markdown_toc: 'markdown_processing',
    };
    for (const [toolName, category] of Object.entries(names)) {
      assert.equal(toolUseOf({ toolName, toolKind: 'other' }).category, category, toolName);
    }
    assert.deepEqual(toolUseOf({ toolName: 'apply_patch', toolKind: 'other' }), write);
    assert.deepEqual(toolUseOf({ toolName: 'mcp__github__create_issue', toolKind: 'read' }), {
      category: 'mcp',
      server: 'github',
    });
  });

  it('follows the actual effect of a call over its declared kind', () => {
    assert.deepEqual(toolUseOf({ toolKind: 'think', command: 'rm x' }), run('rm', 'x'));
    assert.deepEqual(toolUseOf({ toolKind: 'read', diffs: [{ path: 'a', newText: 'b' }] }), write);
    assert.deepEqual(toolUseOf({ toolKind: 'other', input: { command: ['npm', 'a;b'] } }), {
      category: 'code_execution',
      words: undefined,
    });
  });
});

describe('an allowed use', () => {
  const cases: readonly (readonly [string[] | undefined, ToolUse, Places, boolean])[] = [
    [undefined, { category: 'unknown' }, [], true],
    [[], read, [], false],
    [[], { category: 'none' }, [], true],
    [['web_search'], { category: 'unknown' }, [], false],
    [['file_operations'], write, [undefined], true],
    [['file_operations:read'], write, ['a'], false],
    [['file_operations:read'], read, ['a'], true],
    [['file_operations:write'], read, ['a'], true],
    [['file_operations:write(src/**)'], write, ['src/a/b.ts'], true],
    [['file_operations:write(src/**)'], write, ['src/a.ts', 'b.ts'], false],
    [['file_operations:write(src/**)'], write, [undefined], false],
    [['file_operations:write(src/**)'], write, [], false],
    [['file_operations(*.ts)'], write, ['src/a.ts'], false],
    [['file_operations(src/)'], write, ['src/a.ts'], true],
    [['markdown_processing'], write, ['docs/a.md'], true],
    [['markdown_processing'], write, ['a.ts'], false],
    [['code_execution'], { category: 'code_execution', words: undefined }, [], true],
    [['code_execution(npm test)'], run('npm', 'test', '--', 'x'), [], true],
    [['code_execution(npm test)'], run('npm', 'publish'), [], false],
    [['code_execution(npm test)'], run('npm', 'testing'), [], false],
    [['code_execution(npm test)'], run('npm'), [], false],
    [['code_execution(npm test)'], { category: 'code_execution', words: undefined }, [], false],
    [['mcp:GitHub'], { category: 'mcp', server: 'github' }, [], true],
    [['mcp:gitlab', 'web_search'], { category: 'mcp', server: 'github' }, [], false],
    [['nonsense'], read, [], false],
  ];
  for (const [allowed, use, places, expected] of cases) {
    it(`with ${JSON.stringify(allowed)}: ${JSON.stringify(use)} of ${JSON.stringify(places)} ${expected ? 'is allowed' : 'is refused'}`, () => {
      assert.equal(isAllowedTool(allowed, use, places), expected);
    });
  }
});
