import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { complete } from '../../src/core/task/session.ts';
import { type CollaborationState, CollaborativeTask, type CollaborativeTaskParams } from '../../src/index.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { bench } from '../operations/context.ts';
import { until } from '../support/temp-folder.ts';
import { type WorkerBench, workerBench } from '../support/worker-bench.ts';

/** A collaborative task of a fake agent, on a worker in this process. */
async function shared(
  context: TestContext,
  params: Partial<CollaborativeTaskParams>,
): Promise<{ on: WorkerBench; task: CollaborativeTask; prompts: () => { session: string; text: string }[] }> {
  const on = await workerBench(context, { settings: { rules: [{ allow: 'write', pattern: '**' }] } });
  const source = { ...(await bench(context)), store: on.store, agents: on.agents };
  const task = new CollaborativeTask(
    {
      title: 'Refactor legacy authentication system',
      description: 'Modernize auth system while maintaining compatibility',
      isolation: 'none',
      tool: 'proposing' as never,
      ...params,
    },
    source,
  );
  const prompts = (): { session: string; text: string }[] =>
    readFileSync(join(on.folder, 'prompts'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  return { on, task, prompts };
}

describe('the collaborative task of the specification', () => {
  it('stops after each proposal, and feedback continues in the same session (F207, F208)', async (context) => {
    const { task: collabTask, prompts } = await shared(context, { collaborationMode: 'assisted' });
    const printed: string[] = [];
    const input = ['Keep the old login page', 'continue', 'continue'];

    collabTask.onPause((taskState) => {
      printed.push(`AI suggests: ${taskState.currentSuggestion}`);
      const feedback = input.shift() ?? '';
      if (feedback !== 'continue') {
        taskState.addHumanFeedback(feedback);
      }
      return 'continue';
    });

    const ended = await collabTask.execute();

    assert.equal(ended.status, 'completed');
    assert.deepEqual(printed, [
      'AI suggests: I propose step 1.',
      'AI suggests: I propose step 2.',
      'AI suggests: I did step 2.\n\n**TASK DONE**',
    ]);
    assert.match(prompts()[0]?.text ?? '', /end your turn before you change anything[\s\S]*TASK DONE/);
    assert.deepEqual(
      prompts().map(({ text }) => text.split('\n')[0]),
      ['# Refactor legacy authentication system', 'Keep the old login page', 'Continue with your proposal.'],
    );
    assert.equal(new Set(prompts().map(({ session }) => session)).size, 1);
    assert.equal(ended.executions.length, 1);
  });

  it('takes the handler as a decorator, and a reply that stops, accepts or is unknown', async (context) => {
    const { on, task } = await shared(context, {});
    const review = (state: CollaborationState): 'stop' => {
      assert.deepEqual([state.kind, state.isFinal], ['proposal', false]);
      assert.throws(() => state.addHumanFeedback(' '), { code: 'InvalidInput' });
      return 'stop';
    };
    assert.equal(task.onPause(review, { kind: 'method' }), review);
    const stopped = await task.execute();
    assert.deepEqual([stopped.status, stopped.collaboration_mode], ['completed_active', 'assisted']);
    task.onPause((() => 'go') as never);
    await assert.rejects(task.execute(), { code: 'InvalidInput', message: /returned "go"/ });
    await assert.rejects(task.execute({ signal: AbortSignal.abort(new Error('Enough.')) }), /Enough/);
    task.onPause(() => 'accept');
    assert.equal((await task.execute()).status, 'completed');
    assert.equal(on.store.resolve(stopped.id).executions.length, 1);
  });

  it('continues in the same session after a restart of the worker (F207)', async (context) => {
    const { on, task, prompts } = await shared(context, {});
    task.onPause(() => 'stop');
    const { id } = await task.execute();
    await on.worker.stop();
    const rested = on.store.resolve(id);
    assert.deepEqual([rested.status, rested.lease], ['completed_active', undefined]);

    const next = await workerBench(context, { folder: on.folder });
    await task.addHumanFeedback('Please finish');
    await next.reaches(id, 'completed_active');
    assert.deepEqual(
      prompts().map(({ text }) => text.split('\n')[0]),
      ['# Refactor legacy authentication system', 'Please finish'],
    );
    assert.equal(new Set(prompts().map(({ session }) => session)).size, 1);
    task.onPause(() => 'continue');
    assert.equal((await task.execute()).status, 'completed');
  });

  it('lets a person pause and give feedback at any point (F209)', async (context) => {
    const { on, task, prompts } = await shared(context, { description: 'wait for go' });
    const kinds: string[] = [];
    const running = task.execute();
    await task.create();
    await until('the agent works', () => existsSync(join(on.folder, 'prompts')));
    await task.addHumanFeedback('Use the new API');
    task.onPause((state) => {
      kinds.push(state.kind);
      if (state.kind === 'paused') writeFileSync(join(on.folder, 'go'), '');
      return 'continue';
    });
    await task.pause('I want to look first');
    const ended = await running;
    assert.equal(ended.status, 'completed');
    assert.deepEqual(kinds, ['paused', 'proposal', 'proposal']);
    assert.deepEqual(
      prompts().map(({ text }) => text.split('\n')[0]),
      ['# Refactor legacy authentication system', 'Use the new API', 'Continue with your proposal.'],
    );
    assert.equal(new Set(prompts().map(({ session }) => session)).size, 1);
  });

  it('asks about each change in supervised mode, also about allowed ones (F207)', async (context) => {
    const write = { title: 'Write a.txt', kind: 'edit', locations: [{ path: 'a.txt' }], rawInput: { path: 'a.txt' } };
    const { on, task } = await shared(context, {
      tool: 'tool-user' as never,
      collaborationMode: 'supervised',
      description: `ask ${JSON.stringify(write)}\nask ${JSON.stringify({ ...write, title: 'Write b.txt' })}`,
    });
    const asked: string[] = [];
    task.onPause((state) => {
      asked.push(`${state.kind}: ${state.currentSuggestion}`);
      if (asked.length === 2) state.addHumanFeedback('Leave b.txt');
      return 'continue';
    });
    const { id } = await task.execute();
    assert.equal(asked.length, 2, asked.join('\n'));
    assert.deepEqual(
      on.store.resolve(id).approvals.map(({ status, notes }) => [status, notes]),
      [
        ['approved', undefined],
        ['rejected', 'Leave b.txt'],
      ],
    );
  });

  it('does not stop in autonomous mode, and returns a question to the agent (F207)', async (context) => {
    const { on, task, prompts } = await shared(context, { description: 'ask me', collaborationMode: 'autonomous' });
    task.onPause(() => assert.fail('It stopped.'));
    const ended = await task.execute();
    assert.equal(ended.status, 'completed');
    assert.deepEqual(
      prompts().map(({ text }) => text.split('\n')[0]),
      [
        '# Refactor legacy authentication system',
        'No person answers questions during this task. Decide as you think best, and continue without asking again.',
      ],
    );
    assert.equal(on.store.resolve(ended.id).approvals.length, 0);
  });

  it('notices a decision of another process in a folder that is not watched', async (context) => {
    const here = await bench(context);
    const there = await TaskStore.open({ folder: here.store.folder, watch: false });
    context.after(() => there.close());
    const task = new CollaborativeTask({ title: 'x', tool: 'OPENCODE' as never }, here);
    const { id } = await task.create();
    const ended = task.execute({ timeout: 20_000 });
    await until('it is queued', async () => {
      await there.refresh();
      return there.view.byId(id)?.queued_at !== undefined;
    });
    await there.transact('test.complete', (draft) => void draft.patch(id, complete(draft.require(id), draft.at)));
    assert.equal((await ended).status, 'completed');
  });

  it('runs a script in autonomous mode only', async (context) => {
    const { task } = await shared(context, { tool: 'SHELL', instructions: 'true', collaborationMode: 'autonomous' });
    assert.equal((await task.execute()).status, 'completed');
    for (const mode of ['assisted', 'supervised'] as const) {
      const { task: refused } = await shared(context, { tool: 'SHELL', collaborationMode: mode });
      await assert.rejects(refused.execute(), { code: 'InvalidInput', message: /A script runs without stops/ });
    }
    assert.throws(() => new CollaborativeTask({ title: 'x', collaborationMode: 'helping' as never }), {
      code: 'InvalidInput',
    });
  });
});
