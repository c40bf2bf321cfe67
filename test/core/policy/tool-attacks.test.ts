import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ruleOf } from '../../../src/core/policy/rule-verdict.ts';
import { permissionRuleSchema } from '../../../src/core/policy/rules.ts';
import { isAllowedTool, type Places, toolUseOf } from '../../../src/core/policy/tool-request.ts';
import type { ApprovalDetail } from '../../../src/core/task/approval-schema.ts';

function may(allowed: string[], detail: ApprovalDetail, places: Places = []): boolean {
  return isAllowedTool(allowed, toolUseOf(detail), places);
}

const execute = (input: object, command?: string): ApprovalDetail => ({
  toolKind: 'execute',
  toolName: 'bash',
  input,
  ...(command === undefined ? {} : { command }),
});

describe('tools outside the allowed list, under any name (F137)', () => {
  const every = ['file_operations', 'web_search', 'markdown_processing', 'debugging_tools', 'mcp:github', 'mcp:a__b'];

  it('include tools of another server under any name', () => {
    assert.ok(may(['mcp:github'], { toolName: 'mcp__github__create_issue', toolKind: 'other' }));
    assert.ok(may(['mcp:GitHub'], { toolName: 'mcp__GITHUB__x', toolKind: 'other' }));
    assert.ok(may(['mcp:github'], { toolName: 'mcp.github.x', toolKind: 'other' }));
    assert.ok(may(['mcp:a__b'], { toolName: 'mcp__a__b', toolKind: 'other' }) === false, 'that is b of a');
    for (const toolName of [
      'mcp__github__evil__x',
      'mcp__github___x',
      'mcp__github_',
      'mcp__github',
      'mcp__githubx__y',
      'mcp__git__hub__x',
      'mcp____github__x',
      'mcp__evil__github',
      'mcp__a__b__c',
      'mcp:github.evil.x',
      'mcp:github:evil:x',
      'mcp.githubs.x',
      'mcp__github__x\nmcp__y__z',
      "mcp__github'; rm -rf ~; '__x",
      'mcp__gíthub__x',
      'mcp__github\u200b__x',
      'github_create_issue',
      'evil_read_file',
      'GITHUB',
    ]) {
      assert.equal(may(every, { toolName, toolKind: 'other' }), false, toolName);
    }
    // What cannot be told apart is named as a whole.
    assert.ok(may(['mcp:github__evil__x'], { toolName: 'mcp__github__evil__x', toolKind: 'other' }));
  });

  it('include tools with a known word only inside their name', () => {
    for (const toolName of [
      'planner_delete',
      'task_runner',
      'todo_exec_all',
      'think_and_write',
      'plan9',
      'taskkill',
      'curl_upload',
      'urlencode_and_post',
      'fetch_and_install',
      'readability_publish',
      'list_and_purge',
      'viewer_admin',
      'github_edit_file',
      'findAndDestroy',
      'Read the file, then send it',
      'reаd',
      'preview_deploy',
    ]) {
      assert.equal(may(every, { toolName, toolKind: 'other' }), false, toolName);
      assert.equal(may([], { toolName, toolKind: 'other' }), false, toolName);
    }
  });

  it('include agents, recognized by their known names', () => {
    const named: Readonly<Record<string, readonly string[]>> = {
      'file_operations:read': [
        'Read',
        'read_file',
        'Glob',
        'Grep',
        'LS',
        'list_directory',
        'search_file_content',
        'view',
      ],
      'file_operations:write': ['Write', 'write_file', 'MultiEdit', 'NotebookEdit', 'apply_patch', 'replace', 'create'],
      code_execution: ['Bash', 'run_shell_command', 'exec_command', 'BashOutput', 'execute_command', 'terminal'],
      web_search: ['WebFetch', 'web_search', 'google_web_search', 'websearch', 'web_fetch'],
    };
    for (const [category, names] of Object.entries(named)) {
      for (const toolName of names) {
        assert.ok(may([category], { toolName, toolKind: 'other' }), toolName);
        const others = ['file_operations:read', 'code_execution', 'web_search', 'debugging_tools'].filter(
          (one) => one !== category,
        );
        if (category !== 'file_operations:write') assert.ok(!may(others, { toolName, toolKind: 'other' }), toolName);
      }
    }
    for (const toolName of [
      'TodoWrite',
      'todowrite',
      'update_plan',
      'ExitPlanMode',
      'exit_plan_mode',
      'Task',
      'write_todos',
    ]) {
      assert.ok(may([], { toolName, toolKind: 'other' }), toolName);
    }
  });

  it('include tools that claim only to think', () => {
    assert.ok(may([], { toolKind: 'think', toolName: 'ponder' }));
    assert.equal(may([], { toolKind: 'think', toolName: 'bash' }), false);
    assert.equal(may([], { toolKind: 'switch_mode', toolName: 'write_file' }), false);
    assert.equal(may([], { toolKind: 'think', toolName: 'ponder', files: ['a'] }), false);
    assert.equal(may([], { toolKind: 'think', input: { command: 'ls' } }), false);
    assert.equal(may([], { toolKind: 'think', diffs: [{ path: 'a', newText: '' }] }), false);
  });

  it('include addresses with another scheme than the web', () => {
    assert.ok(may(['web_search'], { toolKind: 'fetch', input: { url: 'https://example.com/a', prompt: 'file: x' } }));
    assert.ok(may(['web_search'], { toolKind: 'fetch', input: { url: 'example.com' } }));
    assert.ok(may(['web_search'], { toolKind: 'search', toolName: 'websearch', input: { query: 'file:///x' } }));
    for (const url of [
      'file:///etc/passwd',
      'FILE:/etc/passwd',
      ' file:///x',
      '/etc/passwd',
      'data:text/html,x',
      'gopher://x',
      'localhost:80',
    ]) {
      assert.equal(
        may(['web_search', 'file_operations(src/**)'], { toolKind: 'fetch', input: { url } }, []),
        false,
        url,
      );
      assert.equal(
        may(['web_search'], { toolName: 'WebFetch', toolKind: 'other', input: { urls: ['https://a.b', url] } }),
        false,
        url,
      );
    }
  });

  it('include commands that only resemble one in the scope', () => {
    const scope = ['code_execution(npm test)'];
    assert.ok(may(scope, execute({ command: 'npm test -- a' })));
    assert.ok(may(scope, execute({ command: ['npm', 'test'] }, 'npm test')));
    assert.ok(may(scope, execute({ command: 'npm test', env: {} })));
    for (const detail of [
      execute({ command: 'rm -rf src' }, 'npm test'),
      execute({ command: ['npm', 'test; rm x'] }, 'npm test; rm x'),
      execute({ command: ['rm', 'x'] }, 'npm test'),
      execute({ command: { script: 'rm x' } }, 'npm test'),
      execute({ script: 'rm x' }, 'npm test'),
      execute({ command: 'npm test', env: { NODE_OPTIONS: '--require=./x' } }),
      execute({ command: 'npm test', environment: { PATH: '.' } }),
      execute({ command: 'npm test && rm x' }),
      execute({ command: 'npm tests' }),
      execute({ command: 'NPM test' }),
      execute({ command: './npm test' }),
      execute({ command: 'npm\u00a0test' }),
    ]) {
      assert.equal(may(scope, detail), false, JSON.stringify(detail));
    }
  });

  it('include edits labelled as commands and commands labelled as edits', () => {
    const edit = {
      toolKind: 'edit',
      input: { command: 'create', path: 'src/a.ts', file_text: 'x' },
      files: ['src/a.ts'],
    };
    assert.equal(may(['code_execution'], edit, ['src/a.ts']), false);
    assert.ok(may(['file_operations:write(src/**)'], edit, ['src/a.ts']));
    const view = { toolKind: 'read', input: { command: 'view', path: 'src/a.ts' }, files: ['src/a.ts'] };
    assert.ok(may(['file_operations:read'], view, ['src/a.ts']));
    assert.equal(may(['file_operations'], { toolKind: 'edit', input: { command: 'rm x', path: 'a' } }, ['a']), false);
    assert.equal(
      may(['file_operations'], { toolKind: 'execute', input: { command: 'view', path: 'a' } }, ['a']),
      false,
    );
  });

  it('include files outside the scope', () => {
    const scope = ['file_operations(src/**)', 'markdown_processing'];
    const read = { toolKind: 'read' };
    for (const places of [
      [],
      [undefined],
      ['src/a', undefined],
      ['src/a', 'b'],
      ['Src/a'],
      ['srcs/a'],
      ['src'.concat('x/')],
      ['./'],
      ['docs/'],
      ['a.md/'],
      ['src/a', 'a.mdx.ts'],
    ]) {
      assert.equal(may(scope, read, places), false, String(places));
    }
    assert.ok(may(scope, read, ['src/']));
    assert.equal(may(['file_operations:read(src/*)'], { toolKind: 'search' }, ['src/']), false, 'all beneath it');
    assert.equal(may(['file_operations:read(src/*)'], { toolKind: 'search' }, ['src/deep/']), false);
  });

  it('include every request that no entry of the list names', () => {
    const details = fc.record(
      {
        toolName: fc.oneof(fc.string(), fc.constantFrom('mcp__x__y', 'Bash', 'Read', 'web_fetch', 'markdown_x')),
        toolKind: fc.constantFrom('read', 'edit', 'delete', 'move', 'search', 'execute', 'fetch', 'other'),
        input: fc.oneof(fc.anything(), fc.record({ command: fc.anything(), env: fc.anything(), url: fc.anything() })),
        files: fc.array(fc.string()),
      },
      { requiredKeys: ['toolKind'] },
    );
    fc.assert(
      fc.property(details, (detail) => {
        const use = toolUseOf(detail);
        if (use.category !== 'none') assert.equal(isAllowedTool([], use, ['a']), false);
        assert.equal(isAllowedTool(['mcp:nobody'], use, ['a']) && use.category !== 'none', false);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('rules about tools', () => {
  it('deny names that resemble the rule and allow only exact names', () => {
    const deny = permissionRuleSchema.parse({ deny: 'web_search' });
    const allow = permissionRuleSchema.parse({ allow: 'web_search' });
    const tool = { toolName: 'curl_upload', toolKind: 'fetch', input: { url: 'file:///etc/passwd' } };
    assert.equal(ruleOf([deny], tool, [])?.verdict, 'deny');
    assert.equal(ruleOf([allow], tool, []), undefined);
  });
});
