import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { requestStart } from '../../src/core/task/start.ts';
import { allGroups } from '../../src/mcp/tools/groups.ts';
import { asks, taken } from '../operations/context.ts';
import { call, generations, mcpBench, refusal } from './bench.ts';

describe('a call that decides for the person', () => {
  for (const generation of generations) {
    it(`asks a person first where the client can (${generation})`, async (context) => {
      const { connect, store } = await mcpBench(context);
      await store.createTask({ title: 'Say hello', tool: 'SHELL', instructions: 'echo hello' });
      const messages: string[] = [];
      const answers = ['decline', 'accept'] as const;
      const client = await connect({
        generation,
        answers: (message) => {
          messages.push(message);
          return answers[messages.length - 1] ?? 'decline';
        },
      });
      const declined = await refusal(client, 'task_run', { action: 'start', tasks: [1] });
      assert.equal(declined.code, 'NotConfirmed');
      assert.equal(store.resolve('1').queued_at, undefined);
      await call(client, 'task_run', { action: 'start', tasks: [1] });
      assert.notEqual(store.resolve('1').queued_at, undefined);
      assert.deepEqual(messages, Array(2).fill('Start tasks.\n#1 Say hello (SHELL)'));
    });

    it(`runs at once where the client cannot ask (${generation})`, async (context) => {
      const { connect, store } = await mcpBench(context);
      await store.createTask({ title: 'Say hello', tool: 'SHELL', instructions: 'echo hello' });
      await call(await connect({ generation }), 'task_run', { action: 'start', tasks: [1] });
      assert.notEqual(store.resolve('1').queued_at, undefined);
    });

    it(`approves exactly the displayed request (${generation})`, async (context) => {
      const made = await mcpBench(context);
      const task = await made.store.createTask({ title: 'Clean up', tool: 'SHELL', instructions: 'true' });
      await made.store.transact(
        'test.start',
        (draft) => void draft.patch(task.id, requestStart(draft.require(task.id), draft.at)),
      );
      await taken(made.store, task.id);
      await asks(made.store, task.id, 'Run a command', { command: 'rm -rf build' });
      let displayed = '';
      const client = await made.connect({
        generation,
        answers: (message) => {
          displayed = message;
          return 'accept';
        },
      });
      await call(client, 'decide', { action: 'approve', task: 1 });
      assert.match(displayed, /Request 1: Run a command: rm -rf build/);
      assert.equal(made.store.resolve('1').approvals[0]?.status, 'approved');
      const late = await refusal(client, 'decide', { action: 'reject', task: 1, request: 1 });
      assert.match(late.message, /approved/);
    });
  }

  it('asks before a request is rejected, and shows it', async (context) => {
    const { connect, store } = await mcpBench(context);
    const task = await store.createTask({ title: 'Clean up', tool: 'SHELL', instructions: 'true' });
    await store.transact('test.start', (draft) => {
      draft.patch(task.id, requestStart(draft.require(task.id), draft.at));
    });
    await taken(store, task.id);
    await asks(store, task.id, 'Run a command', { command: 'rm -rf build' });
    const messages: string[] = [];
    const client = await connect({
      answers: (message) => {
        messages.push(message);
        return messages.length === 1 ? 'decline' : 'accept';
      },
    });
    const declined = await refusal(client, 'decide', { action: 'reject', task: 1 });
    assert.equal(declined.code, 'NotConfirmed');
    assert.equal(store.resolve('1').approvals[0]?.status, 'pending');
    await call(client, 'decide', { action: 'reject', task: 1 });
    assert.equal(store.resolve('1').approvals[0]?.status, 'rejected');
    assert.match(
      messages[0] ?? '',
      /^Reject [^\n]+\n#1 Clean up \(SHELL\)\n {2}Request 1: Run a command: rm -rf build/,
    );
  });

  it('asks before parts are merged, which may start an agent', async (context) => {
    const { connect, store } = await mcpBench(context);
    await store.createTask({ title: 'Whole', kind: 'group' });
    const client = await connect({ groups: allGroups(), answers: () => 'decline' });
    const declined = await refusal(client, 'task_merge_parts', { task: 1, agent: 'CLAUDECODE' });
    assert.equal(declined.code, 'NotConfirmed');
  });

  it('asks before an agent plans or splits', async (context) => {
    const { connect, store } = await mcpBench(context);
    writeFileSync(join(store.folder, 'spec.md'), '# Shop\n\n- [ ] Add a cart\n');
    await store.createTask({ title: 'Whole', tool: 'CLAUDECODE' });
    const client = await connect({ groups: allGroups(), answers: () => 'decline' });
    const spec = { action: 'from_spec', file: 'spec.md' };
    const planned = await refusal(client, 'plan', { ...spec, agent: 'CLAUDECODE' });
    const split = await refusal(client, 'task_split', { task: 1, plannedBy: 'CLAUDECODE' });
    assert.deepEqual([planned.code, split.code], ['NotConfirmed', 'NotConfirmed']);
    assert.equal([...store.view.all()].length, 1);
    await call(client, 'plan', spec);
    assert.equal([...store.view.all()].length, 2, 'a plan by structure needs no answer');
  });

  it('is refused if the content changed while the person read it', async (context) => {
    const { connect, store } = await mcpBench(context);
    await store.createTask({ title: 'Say hello', tool: 'SHELL', instructions: 'echo hello' });
    const client = await connect({
      answers: async () => {
        await store.updateTask('1', { instructions: 'echo bye' });
        return 'accept' as const;
      },
    });
    const changed = await refusal(client, 'task_run', { action: 'start', tasks: [1] });
    assert.equal(changed.code, 'ChangedSinceShown');
    assert.equal(store.resolve('1').queued_at, undefined);
  });

  it('is refused without elicitation if it confirms code of the folder or writes a rule', async (context) => {
    const { connect, store } = await mcpBench(context);
    await store.createTask({ title: 'Say hello' });
    const client = await connect({ groups: allGroups() });
    const digest = '0'.repeat(64);
    for (const [tool, input] of [
      ['agents', { confirm: [digest] }],
      ['task_confirm', { digest }],
      ['decide', { action: 'approve', task: 1, remember: true }],
    ] as const) {
      const refused = await refusal(client, tool, input);
      assert.equal(refused.code, 'NotConfirmed', tool);
      assert.match(refused.message, /cannot ask/);
    }
  });

  it('gives two clients that decide one request one decision', async (context) => {
    const made = await mcpBench(context);
    const task = await made.store.createTask({ title: 'Clean up', tool: 'SHELL', instructions: 'true' });
    await made.store.transact(
      'test.start',
      (draft) => void draft.patch(task.id, requestStart(draft.require(task.id), draft.at)),
    );
    await taken(made.store, task.id);
    await asks(made.store, task.id, 'Run a command', { command: 'ls' });
    const clients = await Promise.all([made.connect(), made.connect({ generation: '2025-11-25' })]);
    const results = await Promise.all(
      clients.map((client, index) =>
        client.callTool({
          name: 'decide',
          arguments: { action: index === 0 ? 'approve' : 'reject', task: 1, request: 1 },
        }),
      ),
    );
    assert.equal(results.filter(({ isError }) => isError === true).length, 1);
  });
});
