import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { AgentWorkflow, TaskManager } from '../../src/index.ts';
import { bench } from '../operations/context.ts';
import { workerBench } from '../support/worker-bench.ts';

describe('the workflow of the specification', () => {
  it('executes design, implementation and review one after the other (F197, F198)', async (context) => {
    const { store, agents, folder } = await workerBench(context);
    const on = { ...(await bench(context)), store, agents };
    const tm = new TaskManager(on);
    const { number } = await tm.createTask({ title: 'Add a login page', isolation: 'none' });

    const workflow = new AgentWorkflow(
      [
        {
          agent: 'teammate',
          phase: 'design',
          description: 'Design system architecture and create implementation plan',
        },
        { agent: 'SHELL', phase: 'implementation', instructions: 'test -f prompts && touch fixed' },
        { agent: 'teammate', phase: 'review', description: 'Review implementation and suggest improvements' },
      ],
      on,
    );
    const result = await workflow.execute(number);

    assert.equal(result.completed, true);
    assert.deepEqual(
      result.phases.map(({ phase, agent, note }) => [phase, agent, note?.done]),
      [
        ['design', 'teammate', 'Wrote the code.'],
        ['implementation', 'SHELL', undefined],
        ['review', 'teammate', 'Fine.'],
      ],
    );
    assert.ok(existsSync(join(folder, 'fixed')));
    assert.match(readFileSync(join(folder, 'prompts'), 'utf8'), /Design system architecture/);
  });

  it('takes models for agents, and refuses empty workflows and unknown agents', async (context) => {
    const on = await bench(context);
    const tm = new TaskManager(on);
    const { id } = await tm.createTask({ title: 'x' });
    assert.throws(() => new AgentWorkflow([], on), { code: 'InvalidInput' });
    assert.throws(() => new AgentWorkflow([{ agent: 'SHELL', phase: ' ' }], on), { code: 'InvalidInput' });
    await assert.rejects(new AgentWorkflow([{ agent: 'NOBODY', phase: 'a' }], on).execute(id), {
      code: 'AgentNotFound',
    });
    const models = ['claude-3-opus-20240229', 'gpt-4', 'gemini-2.5-pro'].map((agent) => ({ agent, phase: 'p' }));
    await assert.rejects(new AgentWorkflow(models, on).execute(id), { code: 'AgentUnavailable' });
    assert.deepEqual(
      (await tm.getTask(id))?.workflow?.map(({ agent, model }) => [agent, model]),
      [
        ['CLAUDECODE', 'claude-3-opus-20240229'],
        ['CODEX', 'gpt-4'],
        ['GEMINI', 'gemini-2.5-pro'],
      ],
    );
    const signal = AbortSignal.abort(new Error('Enough.'));
    await on.store.updateTask(id, { workflow: [{ agent: 'SHELL', phase: 'a', instructions: 'true' }] });
    const shell = new AgentWorkflow([{ agent: 'SHELL', phase: 'a', instructions: 'true' }], on);
    await assert.rejects(shell.execute(id, { signal }), /Enough/);
    await assert.rejects(shell.execute(id, { timeout: 1 }), { code: 'TimedOut' });
  });
});
