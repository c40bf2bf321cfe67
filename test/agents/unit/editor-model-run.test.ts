import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createAgentCatalog } from '../../../src/agents/catalog.ts';
import type { AgentProvider } from '../../../src/core/agent/catalog.ts';
import { standing } from '../../../src/core/task/standing.ts';
import { worldOf } from '../../../src/runtime/schedule/world.ts';
import { type ScriptedAnswer, scriptedWindow } from '../../support/scripted-window.ts';
import { tempFolder, until } from '../../support/temp-folder.ts';
import { workerBench } from '../../support/worker-bench.ts';

describe('a task for models of an editor', () => {
  it('asks for its changes, waits for a window after one closed, and continues in the next one', async (context) => {
    const steps: ScriptedAnswer[] = [
      { edit_file: { path: 'a.txt', old_text: '', new_text: 'hello\n' } },
      'silence',
      'I wrote the file.',
    ];
    const { window, provider } = await scriptedWindow(context, (_, call) => steps[call - 1] ?? 'Done.');
    const folder = tempFolder(context);
    const agents = createAgentCatalog({ folder, providers: [provider] });
    const bench = await workerBench(context, { folder, agents });
    const { id } = await bench.run({
      title: 'Write',
      instructions: 'Write a.txt.',
      tool: 'VSCODE_LM',
      isolation: 'none',
    });
    await until('it asks', () => bench.store.resolve(id).approvals.some(({ status }) => status === 'pending'));
    const [request] = bench.store.resolve(id).approvals;
    assert.equal(request?.detail?.diffs?.[0]?.newText, 'hello\n');
    assert.equal(existsSync(join(folder, 'a.txt')), false);
    await bench.decide(id, true);
    await until('the model works again', () => window.requests.length === 2);
    await window.close();
    await bench.reaches(id, 'paused');
    await until('the lease is released', () => bench.store.resolve(id).lease === undefined);
    const waiting = bench.store.resolve(id);
    assert.equal(waiting.pause_reason, 'interrupted');
    assert.equal(waiting.executions[0]?.usage?.total_tokens, 110);
    const world = worldOf({
      ...{ tasks: bench.store.view, agents, playing: false, now: Date.now(), day: () => [] },
      ...{ maxParallel: undefined, maxPerAgent: undefined },
    });
    assert.deepEqual(standing(waiting, world), { kind: 'waiting', for: 'window', on: [] });
    await window.open();
    const ended = await bench.reaches(id, 'completed_active', 'completed', 'failed');
    assert.equal(ended.error, undefined);
    assert.equal(readFileSync(join(folder, 'a.txt'), 'utf8'), 'hello\n');
    assert.equal(ended.executions.length, 2);
    assert.equal(ended.executions[1]?.session_id, ended.executions[0]?.session_id, 'one conversation');
    assert.match(JSON.stringify(window.requests.at(-1)), /Write a\.txt\./);
  });

  it('waits for a window that closed between the claim and the start of the agent', async (context) => {
    const { window, provider } = await scriptedWindow(context, () => 'Done.');
    let opened = 0;
    const closing: AgentProvider = {
      names: provider.names,
      list: () => provider.list(),
      unavailable: () => provider.unavailable(),
      get: (name) => ({
        name,
        open: async (request, client) => {
          opened += 1;
          if (opened === 1) await window.close();
          return await provider.get().open(request, client);
        },
      }),
    };
    const folder = tempFolder(context);
    const agents = createAgentCatalog({ folder, providers: [closing] });
    const bench = await workerBench(context, { folder, agents });
    const { id } = await bench.run({ title: 'Wait', instructions: 'Wait.', tool: 'VSCODE_LM', isolation: 'none' });
    const waiting = await bench.reaches(id, 'paused', 'failed');
    assert.deepEqual([waiting.status, waiting.pause_reason], ['paused', 'interrupted']);
    assert.equal(waiting.error, 'No open window offers the models of an editor.');
    await window.open();
    const ended = await bench.reaches(id, 'completed_active', 'completed', 'failed');
    assert.deepEqual([ended.error, ended.executions.length], [undefined, 2]);
  });

  it('may ask the person also with allowed tools, and make calls that cannot run', async (context) => {
    const steps: ScriptedAnswer[] = [
      { ask_person: { question: 'Which colour?' } },
      { run_command: { command: 'touch x' } },
      { edit_file: { path: 'src/none.txt', old_text: 'red', new_text: 'blue' } },
      'Blue it is.',
    ];
    const { window, provider } = await scriptedWindow(context, (_, call) => steps[call - 1] ?? 'Done.');
    const folder = tempFolder(context);
    const agents = createAgentCatalog({ folder, providers: [provider] });
    const bench = await workerBench(context, { folder, agents });
    const constraints = { allowed_tools: ['file_operations:write(src/**)'] };
    const { id } = await bench.run({ title: 'Ask', tool: 'VSCODE_LM', isolation: 'none', constraints });
    await until('it asks', () => bench.store.resolve(id).approvals.some(({ status }) => status === 'pending'));
    await bench.answer(id, 'Blue.');
    const ended = await bench.reaches(id, 'completed_active', 'completed', 'failed');
    assert.equal(ended.error, undefined);
    assert.match(JSON.stringify(window.requests.at(-1)), /Blue\./);
  });
});
