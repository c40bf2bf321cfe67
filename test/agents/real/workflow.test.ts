import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { TaskStore } from '../../../src/store/task-store.ts';
import { cli } from '../../cli/cli.ts';
import { testRepository } from '../../runtime/worktrees/repository.ts';
import { processesLeft } from '../../support/processes.ts';
import { startScriptedModel } from '../../support/scripted-model/server.ts';
import { tempFolder, until } from '../../support/temp-folder.ts';
import type { RealAgent } from './agents/agent.ts';
import { claudeCode } from './agents/claude-code.ts';
import { codex } from './agents/codex.ts';
import { gemini } from './agents/gemini.ts';
import { type Script, turnsOf } from './bench.ts';
import { installOrSkip } from './install.ts';

const WAIT_MS = 300_000;
const note = (value: object): string => `Done.\n\n\`\`\`handoff\n${JSON.stringify(value)}\n\`\`\``;

/** Each phase with its agent and the model behind it. */
const phases: readonly { readonly phase: string; readonly agent: RealAgent; readonly script: Script }[] = [
  {
    phase: 'design',
    agent: claudeCode,
    script: () => ({ text: note({ done: 'Designed it.', decisions: ['One file is enough'] }) }),
  },
  {
    phase: 'implementation',
    agent: codex,
    script: (conversation) =>
      conversation.includes('built.txt')
        ? { text: note({ done: 'Wrote the file.', verify: ['cat the file'] }) }
        : { tools: [{ kind: 'write', path: 'built.txt', content: 'built\n' }] },
  },
  {
    phase: 'review',
    agent: gemini,
    script: () => ({ text: note({ done: 'Reviewed it.', verdict: 'accept' }) }),
  },
];

const installed = await Promise.all(phases.map(({ agent }) => installOrSkip(agent.package)));
const skip = installed.find((each) => each.skip !== false)?.skip ?? false;

describe('a workflow over Claude Code, Codex and Gemini', { skip }, () => {
  it('hands the work from design to implementation to review', async (context) => {
    const home = join(tempFolder(context), 'home');
    const settings = join(home, '.config', 'systemprompt');
    mkdirSync(settings, { recursive: true });
    const agents = Object.fromEntries(phases.map(({ agent }) => [agent.name, { startSeconds: 600 }]));
    writeFileSync(join(settings, 'config.json'), JSON.stringify({ agents }));
    const models = new Map<string, Awaited<ReturnType<typeof startScriptedModel>>>();
    const env: Record<string, string | undefined> = {};
    for (const { phase, agent, script } of phases) {
      const model = await startScriptedModel(agent.api, turnsOf(agent, script));
      context.after(() => model.close());
      models.set(phase, model);
      Object.assign(env, agent.machine, await agent.configure(home, model.baseURL));
    }
    const path = [...installed.map(({ program }) => dirname(program)), process.env['PATH'] ?? ''].join(delimiter);
    const xdg = { XDG_CONFIG_HOME: undefined, XDG_DATA_HOME: undefined, XDG_CACHE_HOME: undefined };
    const run = cli(context, undefined, undefined, { ...xdg, ...env, PATH: path, HOME: home });
    const repository = testRepository(run.folder);
    repository.commit({ 'a.txt': 'one\n', '.gitignore': '.*\n' });
    const store = await TaskStore.open({ folder: run.folder, watch: false });
    context.after(() => store.close());
    const workflow = phases.map(({ phase, agent }) => `${phase}:${agent.name}`).join(',');
    await run.ok('task', 'create', 'Build it', '--workflow', workflow, '--approvals', 'none', '--start');
    await until(
      'the review has ended',
      async () => {
        await store.refresh();
        const { status, error } = store.resolve('1');
        assert.notEqual(status, 'failed', error);
        return status === 'completed_active' || status === 'completed';
      },
      WAIT_MS,
    );
    const { executions, status, id } = store.resolve('1');
    assert.deepEqual(
      executions.map((each) => [each.agent, each.step, each.note?.done]),
      [
        ['CLAUDECODE', 0, 'Designed it.'],
        ['CODEX', 1, 'Wrote the file.'],
        ['GEMINI', 2, 'Reviewed it.'],
      ],
    );
    assert.equal(new Set(executions.map((each) => each.session_id)).size, 3, 'each phase has its own session');
    const asked = (phase: string): string =>
      models
        .get(phase)
        ?.requests.map(({ text }) => text)
        .join('\n') ?? '';
    assert.match(asked('implementation'), /One file is enough/);
    assert.match(asked('review'), /Wrote the file\./);
    assert.match(asked('review'), /\+built/, 'the review gets the diff');
    if (status === 'completed_active') await run.ok('task', 'complete', '1');
    await until('no process is left', () => processesLeft(id).length === 0);
    await until('the lease is released', async () => {
      await store.refresh();
      return store.resolve('1').lease === undefined;
    });
    await run.ok('task', 'merge', '1');
    assert.equal(repository.git('show', 'main:built.txt'), 'built');
  });
});
