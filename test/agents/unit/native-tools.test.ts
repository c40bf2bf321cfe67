import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { claudeTools, geminiTools, type NativeTools, opencodeTools } from '../../../src/agents/native-tools.ts';
import type { AgentSession } from '../../../src/core/agent/port.ts';
import { toolReach } from '../../../src/core/policy/tool-reach.ts';
import { fakeAgent } from '../../support/fake-agent.ts';
import { RecordingClient } from '../../support/recording-client.ts';

const cwd = mkdtempSync(join(tmpdir(), 'native-tools-'));
const sessions: AgentSession[] = [];
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
});
after(() => rmSync(cwd, { recursive: true, force: true }));

/** What the agent says that it was told, and the warnings of the log. */
async function told(
  native: NativeTools | undefined,
  modes: readonly string[],
  allowedTools: readonly string[] | undefined,
): Promise<{ mode?: string; told?: unknown; env?: string; warnings: string[] }> {
  const client = new RecordingClient();
  const agent = fakeAgent('hasty', modes, { native });
  const session = await agent.open({ taskId: 'task_hasty', title: 'A task', cwd, allowedTools }, client);
  sessions.push(session);
  await session.prompt('go');
  const warnings = client.entries.filter(({ level }) => level === 'warn').map(({ message }) => message);
  return { ...JSON.parse(client.messages('agent').join('')), warnings };
}

describe('an agent is told what its task may use', () => {
  it('by the mode in which it asks, if it would not', async () => {
    assert.equal((await told(geminiTools, ['yolo', 'default'], ['file_operations'])).mode, 'default');
    assert.equal((await told(geminiTools, ['plan', 'default'], ['file_operations'])).mode, 'plan', 'stricter stays');
  });

  it('only where its task may not use everything, and only by what it is known to understand', async () => {
    assert.equal((await told(geminiTools, ['yolo', 'default'], undefined)).mode, 'yolo');
    assert.equal((await told(undefined, ['yolo', 'default'], [])).mode, 'yolo');
    assert.equal((await told(claudeTools, ['default'], undefined)).told, undefined);
  });

  it('and the log says when it stays in a mode in which it does not ask', async () => {
    const { mode, warnings } = await told(geminiTools, ['yolo'], ['web_search']);
    assert.deepEqual([mode, warnings.length], ['yolo', 1]);
    assert.match(warnings[0] ?? '', /stays in its mode "yolo"/);
  });

  it('when the session is opened, and in its environment', async () => {
    const native: NativeTools = { meta: (reach) => ({ reach }), env: ({ run }) => ({ TOLD: run }) };
    const { told: meta, env } = await told(native, ['x'], ['code_execution(ls)']);
    assert.deepEqual([meta, env], [{ reach: toolReach(['code_execution(ls)']) }, 'some']);
  });

  it('Claude Code: as tools that it is not to have', () => {
    const disallowed = (...allowed: string[]): unknown => claudeTools.meta?.(toolReach(allowed));
    assert.deepEqual(disallowed('file_operations', 'code_execution(npm test)', 'web_search'), {
      claudeCode: { options: { disallowedTools: [] } },
    });
    assert.match(JSON.stringify(disallowed('file_operations:read')), /"Edit".*"Write".*"Bash".*"WebFetch"/);
    assert.doesNotMatch(JSON.stringify(disallowed('file_operations:read')), /"Read"/);
  });

  it('OpenCode: as permissions beside those of the person, never wider', () => {
    const permission = (set: string | undefined, ...allowed: string[]): unknown => {
      const text = opencodeTools.env?.(toolReach(allowed), { OPENCODE_PERMISSION: set }).OPENCODE_PERMISSION;
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
});
