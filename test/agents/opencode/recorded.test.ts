// RECORD_SESSIONS=1 records the requests anew.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { createAgentCatalog } from '../../../src/agents/catalog.ts';
import type { PermissionRequest } from '../../../src/core/agent/port.ts';
import { agentSessions } from '../../support/agent-sessions.ts';
import { approveOnce, RecordingClient, reject } from '../../support/recording-client.ts';
import { chatCompletions } from '../../support/scripted-model/chat.ts';
import { startScriptedModel } from '../../support/scripted-model/server.ts';
import type { ModelTurn } from '../../support/scripted-model/turn.ts';
import { opencode as agent } from '../real/agents/opencode.ts';
import { installOrSkip } from '../real/install.ts';
import { opencodeEnv } from './harness.ts';

const { program, skip } = await installOrSkip(agent.package);
const file = new URL(`../../fixtures/agent-sessions/opencode-${agent.package.version}.json`, import.meta.url);

/** One request as the real program sends it, and the line of the session that it is for. */
interface Recorded {
  readonly line: string;
  readonly title: string;
  readonly detail: Record<string, unknown>;
}

/** Lets the real OpenCode do a session, asking for everything; no command is run, and what it asks is given. */
async function record(context: TestContext, lines: readonly string[]): Promise<Recorded[]> {
  const turns: ModelTurn[] = [];
  const model = await startScriptedModel(chatCompletions, turns);
  context.after(() => model.close());
  const opencode = await opencodeEnv(program, model);
  context.after(() => opencode.remove());
  turns.push(...lines.map((line) => turnOf(opencode.workspace, line)));
  const all = { '*': 'ask', edit: 'ask', bash: 'ask', read: 'ask', grep: 'ask', glob: 'ask', webfetch: 'ask' };
  const env = { ...opencode.env, OPENCODE_CONFIG_CONTENT: JSON.stringify({ permission: all }) };
  const recorded: Recorded[] = [];
  const client = new RecordingClient((request) => {
    const line = lines[model.requests.length - 1] ?? assert.fail(request.title);
    recorded.push({ line, ...anywhere(request, opencode.workspace) });
    return /^!?[$u]/.test(line) ? reject : approveOnce;
  });
  const taskId = `task_record${process.pid}`;
  const session = await createAgentCatalog({ env })
    .get('OPENCODE')
    .open({ taskId, title: 'A task', cwd: opencode.workspace }, client);
  context.after(() => session.close());
  // A turn ends where a request is rejected.
  for (let prompts = 0; model.requests.length < lines.length && prompts < lines.length; prompts += 1) {
    await session.prompt('Go on.');
  }
  await session.close();
  assert.ok(model.requests.length >= lines.length);
  return recorded;
}

function turnOf(folder: string, line: string): ModelTurn {
  const [, kind, what = ''] = /^!?(\S) (.*)$/s.exec(line) ?? [];
  const filePath = what.startsWith('/') ? what : join(folder, what);
  const existing = (text: string): void => {
    if (what.startsWith('/')) return;
    mkdirSync(dirname(filePath), { recursive: true });
    writeFileSync(filePath, text);
  };
  const [pattern = '', path = ''] = what.split(' ');
  const call = (name: string, input: Record<string, unknown>): ModelTurn => ({
    text: 'Next.',
    tools: [{ name, input }],
  });
  switch (kind) {
    case '$':
      return call('bash', { command: what, description: 'Does the next step' });
    case 'r':
      existing('one\ntwo\n');
      return call('read', { filePath });
    case 'w':
      return call('write', { filePath, content: 'one\ntwo\nthree\n' });
    case 'g':
      return call('grep', { pattern, path: join(folder, path) });
    case 'f':
      return call('glob', { pattern: what });
    default:
      return call('webfetch', { url: what, format: 'text' });
  }
}

/** Without what differs from run to run and from machine to machine. */
function anywhere({ title, detail }: PermissionRequest, folder: string): Omit<Recorded, 'line'> {
  const { toolCallId: _, ...rest } = detail;
  return JSON.parse(JSON.stringify({ title, detail: rest }).replaceAll(folder, '/work')) as Omit<Recorded, 'line'>;
}

describe('recorded permission requests of OpenCode', { skip }, () => {
  if (process.env.RECORD_SESSIONS === '1') {
    it('are recorded on request', { timeout: 600_000 }, async (context) => {
      const sessions: Record<string, Recorded[]> = {};
      for (const [name, lines] of Object.entries(agentSessions)) sessions[name] = await record(context, lines);
      mkdirSync(dirname(file.pathname), { recursive: true });
      writeFileSync(file, `${JSON.stringify(sessions, null, 2)}\n`);
    });
  }

  it('match the recording', { timeout: 120_000 }, async (context) => {
    const recorded = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Recorded[]>;
    assert.deepEqual(Object.keys(recorded), Object.keys(agentSessions));
    const name = 'secrets near by';
    assert.deepEqual(await record(context, agentSessions[name] ?? []), recorded[name]);
  });
});
