import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { createAgentCatalog } from '../../../src/agents/catalog.ts';
import { knownAgents } from '../../../src/agents/known.ts';
import { type Launcher, plainLauncher } from '../../../src/agents/launcher.ts';
import type { AgentInfo, AgentProvider } from '../../../src/core/agent/catalog.ts';
import { TaskError } from '../../../src/core/errors.ts';
import { fakeAgentPath } from '../../support/fake-agent.ts';
import { alive } from '../../support/processes.ts';
import { RecordingClient } from '../../support/recording-client.ts';
import { until } from '../../support/temp-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'catalog-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const bin = join(folder, 'bin');
mkdirSync(bin);
const env = { PATH: [bin, '/usr/bin', '/bin', 'relative', ''].join(':') };

function program(path: string, script: string): void {
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

/** As npm installs a program: a link on PATH to a file of a package. */
function npmProgram(command: string, name: string, version: string): void {
  const home = join(folder, 'lib', name);
  mkdirSync(join(home, 'dist'), { recursive: true });
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name, version }));
  program(join(home, 'dist', 'index.js'), 'echo "must not be run" >&2; exit 1');
  symlinkSync(join(home, 'dist', 'index.js'), join(bin, command));
}

npmProgram('claude-agent-acp', '@agentclientprotocol/claude-agent-acp', '0.100.0');
program(join(bin, 'gemini'), '[ "$1" = --version ] && echo "gemini cli v0.61.2-nightly"');
/** A wrapper: it notes the process that it starts, and waits for that. */
const wrapped = join(folder, 'wrapped');
program(join(bin, 'copilot'), `sleep 1000 & echo $! > '${wrapped}'; wait`);
writeFileSync(join(bin, 'codex-acp'), 'not executable');

function errorOf(attempt: () => unknown): TaskError {
  try {
    attempt();
  } catch (error) {
    assert.ok(error instanceof TaskError);
    return error;
  }
  throw new Error('it did not throw');
}

describe('the catalog of agents', () => {
  it('lists the known agents with path and version or with install steps, and the shell', async () => {
    const began = performance.now();
    const list = await createAgentCatalog({ env }).list();
    const byName = (name: string): AgentInfo | undefined => list.find((info) => info.name === name);
    assert.deepEqual(
      list.map((info) => info.name),
      ['CLAUDECODE', 'CODEX', 'GEMINI', 'OPENCODE', 'COPILOT', 'SHELL'],
    );
    assert.deepEqual(byName('CLAUDECODE'), {
      name: 'CLAUDECODE',
      title: 'Claude Code',
      kind: 'acp',
      path: join(bin, 'claude-agent-acp'),
      version: '0.100.0',
      available: true,
      capabilities: { asks: true, follow_ups: true, tool_limits: true, cost: true },
      approvals: 'ask',
    });
    assert.equal(byName('GEMINI')?.version, '0.61.2-nightly');
    // One that does not say its version is there all the same.
    assert.deepEqual([byName('COPILOT')?.available, byName('COPILOT')?.version], [true, undefined]);
    assert.ok(performance.now() - began > 3_000, 'it was waited for');
    const pid = Number(readFileSync(wrapped, 'utf8'));
    await until('what it had started is ended, too', () => !alive(pid));
    assert.deepEqual(
      [byName('CODEX')?.available, byName('CODEX')?.install],
      [false, 'npm install -g @agentclientprotocol/codex-acp'],
    );
    assert.equal(byName('SHELL')?.kind, 'shell');
    assert.match(byName('SHELL')?.version ?? '', /^\d+\.\d+/);
  });

  it('detects once for concurrent callers', async () => {
    const catalog = createAgentCatalog({ env: { PATH: bin } });
    assert.equal(catalog.list(), catalog.list());
    assert.equal((await catalog.list()).at(-1)?.available, false);
  });

  it('lists the known agents in the error for an unknown one', () => {
    const error = errorOf(() => createAgentCatalog({ env, agents: { MINE: { command: 'x' } } }).get('NOBODY'));
    assert.equal(error.code, 'AgentNotFound');
    for (const name of [...knownAgents.map((known) => known.name), 'MINE', 'SHELL'])
      assert.match(JSON.stringify(error.next), new RegExp(name));
  });

  it('explains how to install a known agent that is missing', () => {
    const error = errorOf(() => createAgentCatalog({ env }).get('OPENCODE'));
    assert.equal(error.code, 'AgentUnavailable');
    assert.match(JSON.stringify(error.next), /npm install -g opencode-ai/);
  });

  it('runs a configured agent with its arguments and environment, by a path relative to the folder', async () => {
    program(join(folder, 'agent.sh'), `exec "${process.execPath}" "$@"`);
    const agents = {
      MINE: {
        command: './agent.sh',
        args: [fakeAgentPath('polite')],
        env: { FAKE_API_KEY: 'configured-key' },
        title: 'My agent',
      },
    };
    const catalog = createAgentCatalog({ env, folder, agents });
    const info = (await catalog.list()).find(({ name }) => name === 'MINE');
    assert.deepEqual(info, {
      name: 'MINE',
      title: 'My agent',
      kind: 'acp',
      path: join(folder, 'agent.sh'),
      available: true,
      capabilities: { asks: true, follow_ups: true, tool_limits: false },
      approvals: 'ask',
    });
    const client = new RecordingClient();
    const session = await catalog.get('MINE').open({ taskId: 'task_mine', title: 'A task', cwd: folder }, client);
    await session.prompt('secret');
    await session.close();
    assert.match(client.messages('agent').join(), /The key is \[redacted\]/);
  });

  it('merges an entry with the name of a known agent: title, version, arguments and ask mode remain', async () => {
    const at = join(bin, 'claude-agent-acp');
    const agents = { CLAUDECODE: { command: at, env: { X: '1' } }, COPILOT: { approvals: 'agent' as const } };
    const list = await createAgentCatalog({ env, agents }).list();
    const about = (name: string): unknown => {
      const { title, version, path, approvals } = list.find((info) => info.name === name) ?? {};
      return [title, version, path, approvals];
    };
    assert.deepEqual(about('CLAUDECODE'), ['Claude Code', '0.100.0', at, 'ask']);
    assert.deepEqual(about('COPILOT'), ['GitHub Copilot CLI', undefined, join(bin, 'copilot'), 'agent']);
  });

  it('keeps the ask mode of a known agent that is configured', async () => {
    const agents = { GEMINI: { command: process.execPath, args: [fakeAgentPath('hasty'), 'yolo', 'default'] } };
    const client = new RecordingClient();
    const open = { taskId: 'task_known', title: 'A task', cwd: folder };
    const session = await createAgentCatalog({ env, agents }).get('GEMINI').open(open, client);
    await session.prompt('go');
    await session.close();
    assert.match(client.messages('agent').join(), /"mode":"default"/);
  });

  it('supports a second name for a known agent', async () => {
    const agents = { WORK: { extends: 'CLAUDECODE', env: { CLAUDE_CONFIG_DIR: '/work' } } };
    const info = (await createAgentCatalog({ env, agents }).list()).find(({ name }) => name === 'WORK');
    assert.deepEqual([info?.title, info?.version], ['WORK', '0.100.0']);
    const unknown = errorOf(() => createAgentCatalog({ env, agents: { WORK: { extends: 'NOBODY' } } }));
    assert.match(unknown.message, /agents\.WORK\.extends: "NOBODY"/);
  });

  it('decides in one place whether an agent can run here, for lists and for claims', async () => {
    const empty = join(folder, 'empty');
    for (const path of [bin, env.PATH, empty]) {
      const catalog = createAgentCatalog({ env: { PATH: path }, agents: { MINE: { command: 'gemini' } } });
      for (const { name, available } of await catalog.list()) {
        const error = catalog.unavailable(name);
        assert.equal(error === undefined, available, name);
        if (!available) assert.deepEqual([error?.code, errorOf(() => catalog.get(name))], ['AgentUnavailable', error]);
      }
    }
    const none = createAgentCatalog({ env: { PATH: empty } });
    assert.deepEqual(
      (await none.list()).filter(({ available }) => available),
      [],
    );
    assert.match(none.unavailable('SHELL')?.message ?? '', /no shell/);
    assert.equal(none.unavailable('NOBODY')?.code, 'AgentNotFound');
  });

  it('joins the agents of several providers, and the first provider of a name wins', async () => {
    const info = { title: 'Model', kind: 'acp', available: true } as const;
    const capabilities = { asks: true, follow_ups: true, models: true, tool_limits: true };
    const editor: AgentProvider = {
      names: ['EDITOR', 'SHELL'],
      list: async () => ['EDITOR', 'SHELL'].map((name) => ({ ...info, name, capabilities })),
      unavailable: () => undefined,
      get: (name) => ({ name: `editor's ${name}`, open: () => Promise.reject(new Error('not in this test')) }),
    };
    const catalog = createAgentCatalog({ env: { PATH: '/usr/bin:/bin' }, providers: [editor] });
    const list = await catalog.list();
    assert.deepEqual(
      list.slice(-2).map(({ name, kind }) => [name, kind]),
      [
        ['SHELL', 'shell'],
        ['EDITOR', 'acp'],
      ],
    );
    assert.deepEqual([catalog.get('SHELL').name, catalog.get('EDITOR').name], ['SHELL', "editor's EDITOR"]);
  });

  it('starts every process with the launcher, including version checks and scripts', async () => {
    const started: string[] = [];
    const launcher: Launcher = {
      start(request) {
        started.push(`${request.taskId}: ${request.agent}`);
        return plainLauncher.start(request);
      },
      endLeftBehind: async () => 7,
    };
    const agents = { MINE: { command: process.execPath, args: [fakeAgentPath('polite')] } };
    const catalog = createAgentCatalog({ env: { PATH: '/usr/bin:/bin' }, agents, launcher });
    await catalog.list();
    for (const name of ['MINE', 'SHELL']) {
      const request = { taskId: 'task_one', title: 'A task', cwd: folder };
      const session = await catalog.get(name).open(request, new RecordingClient());
      await session.prompt('true');
      await session.close();
    }
    assert.deepEqual(started, ['version: SHELL', 'task_one: MINE', 'task_one: SHELL']);
    assert.equal(await catalog.endLeftBehind('task_one', async () => true), 7);
  });

  it('runs scripts as SHELL, which a configuration cannot redefine', () => {
    assert.equal(createAgentCatalog({ env }).get('SHELL').name, 'SHELL');
    assert.equal(errorOf(() => createAgentCatalog({ agents: { SHELL: { command: 'x' } } })).code, 'InvalidInput');
  });

  for (const [what, agents] of [
    ['no command', { A: {} }],
    ['an unknown key', { A: { command: 'x', shell: true } }],
    ['a name that is none', { 'a b': { command: 'x' } }],
    ['no object', 'x'],
  ] as const) {
    it(`rejects a configuration with ${what} and names the place`, () => {
      const error = errorOf(() => createAgentCatalog({ agents: agents as never }));
      assert.equal(error.code, 'InvalidInput');
      assert.match(error.message, /agents/);
      assert.ok((error.next ?? []).length > 0);
    });
  }
});
