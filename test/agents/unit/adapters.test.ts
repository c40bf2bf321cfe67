import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { ToolLog } from '../../../src/agents/acp/tool-log.ts';
import type { AgentAdapter } from '../../../src/agents/adapters/adapter.ts';
import { claude } from '../../../src/agents/adapters/claude.ts';
import { gemini } from '../../../src/agents/adapters/gemini.ts';
import { opencode } from '../../../src/agents/adapters/opencode.ts';
import type { AgentSession } from '../../../src/core/agent/port.ts';
import { toolReach } from '../../../src/core/policy/tool-reach.ts';
import type { ApprovalsMode } from '../../../src/core/task/approvals-mode.ts';
import type { LogDraft } from '../../../src/core/task/log-entry.ts';
import { fakeAgent } from '../../support/fake-agent.ts';
import { RecordingClient } from '../../support/recording-client.ts';

const cwd = mkdtempSync(join(tmpdir(), 'adapters-'));
const sessions: AgentSession[] = [];
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
});
after(() => rmSync(cwd, { recursive: true, force: true }));

/** What the agent says that it was told, and the warnings of the log. */
async function told(
  adapter: AgentAdapter | undefined,
  modes: readonly string[],
  allowedTools: readonly string[] | undefined,
  approvals?: ApprovalsMode,
): Promise<{ mode?: string; told?: unknown; env?: string; warnings: string[] }> {
  const client = new RecordingClient();
  const agent = fakeAgent('hasty', modes, { adapter });
  const session = await agent.open({ taskId: 'task_hasty', title: 'A task', cwd, allowedTools, approvals }, client);
  sessions.push(session);
  await session.prompt('go');
  const warnings = client.entries.filter(({ level }) => level === 'warn').map(({ message }) => message);
  return { ...JSON.parse(client.messages('agent').join('')), warnings };
}

describe('tool limits passed to an agent', () => {
  it('select the mode that asks if the default mode does not', async () => {
    assert.equal((await told(gemini, ['yolo', 'default'], ['file_operations'])).mode, 'default');
    assert.equal((await told(gemini, ['plan', 'default'], ['file_operations'])).mode, 'plan', 'stricter stays');
  });

  it('ask by default, keep a mode chosen by a person, and always apply with tool limits', async () => {
    assert.equal((await told(gemini, ['yolo', 'default'], undefined)).mode, 'default');
    assert.equal((await told(gemini, ['yolo', 'default'], undefined, 'ask')).mode, 'default');
    assert.equal((await told(gemini, ['yolo', 'default'], undefined, 'agent')).mode, 'yolo');
    assert.equal((await told(gemini, ['yolo', 'default'], undefined, 'none')).mode, 'default', 'limits still hold');
    assert.equal((await told(gemini, ['yolo', 'default'], ['file_operations'], 'agent')).mode, 'default');
  });

  it('use only options that the agent is known to support', async () => {
    assert.equal((await told(undefined, ['yolo', 'default'], [])).mode, 'yolo');
    const quiet = { promptSuggestions: false, title: 'A task' };
    assert.deepEqual((await told(claude, ['default'], undefined)).told, { claudeCode: { options: quiet } });
  });

  it('are logged when the agent stays in a mode that does not ask', async () => {
    const { mode, warnings } = await told(gemini, ['yolo'], ['web_search']);
    assert.deepEqual([mode, warnings.length], ['yolo', 1]);
    assert.match(warnings[0] ?? '', /stays in its mode "yolo"/);
  });

  it('are set when the session opens and in its environment', async () => {
    const adapter: AgentAdapter = { meta: ({ reach }) => ({ reach }), env: ({ reach }) => ({ TOLD: reach?.run }) };
    const { told: meta, env } = await told(adapter, ['x'], ['code_execution(ls)']);
    assert.deepEqual([meta, env], [{ reach: toolReach(['code_execution(ls)']) }, 'some']);
  });

  it('Claude Code: are passed as disallowed tools', () => {
    const disallowed = (...allowed: string[]): unknown => claude.meta?.({ reach: toolReach(allowed), asks: true });
    assert.deepEqual(disallowed('file_operations', 'code_execution(npm test)', 'web_search'), {
      claudeCode: { options: { promptSuggestions: false, disallowedTools: [] } },
    });
    assert.match(JSON.stringify(disallowed('file_operations:read')), /"Edit".*"Write".*"Bash".*"WebFetch"/);
    assert.doesNotMatch(JSON.stringify(disallowed('file_operations:read')), /"Read"/);
  });

  it('OpenCode: are merged into the permissions of the user and never widen them', () => {
    const permission = (set: string | undefined, ...allowed: string[]): unknown => {
      const limits = { reach: toolReach(allowed), asks: false };
      const text = opencode.env?.(limits, { OPENCODE_PERMISSION: set }).OPENCODE_PERMISSION;
      return text === undefined ? undefined : JSON.parse(text);
    };
    assert.equal(permission(undefined, 'file_operations', 'code_execution', 'web_search'), undefined);
    const web = { webfetch: 'deny', websearch: 'deny', codesearch: 'deny' };
    assert.deepEqual(permission('{"task":"deny","bash":"allow"}', 'file_operations(src/**)', 'code_execution(ls)'), {
      task: 'deny',
      edit: 'ask',
      bash: 'ask',
      ...web,
    });
    const read = { read: 'deny', glob: 'deny', grep: 'deny', list: 'deny' };
    assert.deepEqual(permission('[no json', 'mcp:x'), { ...read, edit: 'deny', bash: 'deny', ...web });
  });

  it('OpenCode: ask for edits, commands and the web unless the user denies them', () => {
    const limits = { reach: undefined, asks: true };
    const text = opencode.env?.(limits, { OPENCODE_PERMISSION: '{"bash":"deny","edit":"allow"}' }).OPENCODE_PERMISSION;
    const web = { webfetch: 'ask', websearch: 'ask', codesearch: 'ask' };
    assert.deepEqual(JSON.parse(text ?? ''), { bash: 'deny', edit: 'ask', ...web });
  });

  it('OpenCode: to make up no titles, beside the configuration of the person', () => {
    const config = (own: string | undefined): unknown =>
      opencode.env?.({ reach: undefined, asks: true }, { OPENCODE_CONFIG_CONTENT: own }).OPENCODE_CONFIG_CONTENT;
    const title = { disable: true };
    assert.deepEqual(JSON.parse(String(config(undefined))), { agent: { title } });
    assert.deepEqual(JSON.parse(String(config('{"model":"m","agent":{"build":{"x":1}}}'))), {
      model: 'm',
      agent: { build: { x: 1 }, title },
    });
    assert.equal(config('{ /* a comment */ "model": "m" }'), undefined, 'it stays as it is');
  });

  it('Claude Code: the rest of the cost limit, which it keeps within a turn', () => {
    const meta = claude.meta?.({ reach: undefined, asks: true, maxCostUsd: 0.5 });
    assert.deepEqual(meta, { claudeCode: { options: { promptSuggestions: false, maxBudgetUsd: 0.5 } } });
  });
});

describe('a call of a tool that Claude Code does not offer', () => {
  const refusal = (name: string): string =>
    `\`\`\`\n<tool_use_error>Error: No such tool available: ${name}. It is disabled.`;

  it('differs from a call that failed', () => {
    assert.equal(claude.refusal?.('Write', refusal('Write')), 'No such tool available: Write.');
    assert.equal(claude.refusal?.('Bash', `Exit code 1\n${refusal('Bash')}`), undefined);
    assert.equal(claude.refusal?.('Write', refusal('Edit')), undefined);
    assert.equal(claude.refusal?.('mcp__files__write', refusal('mcp__files__write')), undefined, 'a server can say so');
  });

  it('is logged as refused by the agent', () => {
    const entries: LogDraft[] = [];
    const log = new ToolLog(cwd, (entry) => entries.push(entry), claude.refusal);
    const call = { toolCallId: '1', title: 'Write', kind: 'edit', status: 'pending', rawInput: { file_path: 'a.txt' } };
    const content = [{ type: 'content', content: { type: 'text', text: refusal('Write') } }];
    log.update(call, 0);
    log.update({ toolCallId: '1', status: 'failed', content }, 0);
    assert.deepEqual([entries[1]?.metadata?.status, entries[1]?.metadata?.refused], ['failed', true]);
  });
});

describe('a former session of Gemini CLI', () => {
  const id = 'ff1bb078-d504-4f31-b226-95e1baa6a87b';
  const chats = join(cwd, '.gemini', 'tmp', 'a-project', 'chats');

  it('has names by which its chats are not deleted with an empty one, and its record is found', async () => {
    mkdirSync(chats, { recursive: true });
    const chat = (minute: string, sessionId: string, ...lines: readonly object[]): void => {
      const name = `session-2026-11-28T01-${minute}-${sessionId.slice(0, 8)}.jsonl`;
      writeFileSync(join(chats, name), [{ sessionId }, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(''));
    };
    chat('09', id, { id: 'a', type: 'gemini', tokens: { input: 100, output: 10, total: 110 } });
    chat('10', 'ff1bb078-another');
    await gemini.beforeLoad?.(id, { HOME: cwd });
    chat('09', id);
    await gemini.beforeLoad?.(id, { HOME: cwd });
    assert.deepEqual(readdirSync(chats).sort(), [
      'session-2026-11-28T01-09-ff1bb078-conversation.jsonl',
      'session-2026-11-28T01-09-ff1bb078.jsonl',
      'session-2026-11-28T01-10-ff1bb078.jsonl',
    ]);
    const record = await gemini.record?.({ sessionId: id, env: { HOME: cwd } });
    assert.deepEqual([...((await record?.read())?.keys() ?? [])], ['a']);
  });

  it('is loaded as it is if it has no chats', async () => {
    await gemini.beforeLoad?.(id, { HOME: join(cwd, 'none') });
    await gemini.beforeLoad?.('../../..', { HOME: cwd });
  });
});
