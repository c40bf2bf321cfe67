import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Client } from '@modelcontextprotocol/client';
import { allGroups } from '../../src/mcp/tools/groups.ts';
import { call, generations, mcpBench, refusal } from './bench.ts';

/** A task with a part of a part, and a task apart. */
async function family(context: Parameters<typeof mcpBench>[0]) {
  const bench = await mcpBench(context);
  const { store } = bench;
  const own = await store.createTask({ title: 'own', tool: 'SHELL' });
  const part = await store.createTask({ title: 'part', tool: 'SHELL', parentId: own.id });
  const inner = await store.createTask({ title: 'inner', tool: 'SHELL', parentId: part.id });
  const other = await store.createTask({ title: 'secret plan', tool: 'SHELL', project: 'Apollo' });
  return { ...bench, own, part, inner, other };
}

const read = async (client: Client, uri: string): Promise<string> => {
  const [content] = (await client.readResource({ uri })).contents;
  return content !== undefined && 'text' in content ? content.text : assert.fail('no text');
};

describe('a server for one task', () => {
  for (const generation of generations) {
    it(`shows and changes the task and its parts for a client of ${generation}`, async (context) => {
      const { connect, store, own, inner } = await family(context);
      const client = await connect({ generation, task: '1' });
      await call(client, 'task_update', { action: 'update', task: inner.number, priority: 'critical' });
      await call(client, 'task_update', { action: 'note', task: own.id, text: 'Found the cause.' });
      const made = await call<{ number: number }>(client, 'task_create', { action: 'create', title: 'another part' });
      assert.equal(store.resolve(String(made.number)).parent_id, own.id, 'a new task becomes a part');
      assert.equal(store.resolve(inner.id).priority, 'critical');
      const listed = JSON.parse(await read(client, 'task://list'));
      assert.deepEqual(
        listed.tasks.map(({ title }: { title: string }) => title),
        ['own', 'part', 'another part', 'inner'],
      );
      assert.match(await read(client, `task://${own.number}/logs`), /Found the cause/);
    });
  }

  it('refuses other tasks like missing ones', async (context) => {
    const { connect, store, part, other } = await family(context);
    const client = await connect({ task: '1', groups: allGroups() });
    const before = JSON.stringify(store.resolve(other.id));
    const refused: [string, Record<string, unknown>][] = [
      ['task_show', { action: 'show' }],
      ['task_update', { action: 'update', title: 'taken over' }],
      ['task_update', { action: 'note', text: 'x' }],
      ['decide', { action: 'reject', reason: 'no' }],
    ];
    for (const task of [other.number, other.id, 99, 'secret plan', '../4']) {
      for (const [name, input] of refused) {
        const { code, message } = await refusal(client, name, { ...input, task });
        assert.equal(code, 'ToolPermissionDenied', message);
        assert.doesNotMatch(message, /Apollo/);
      }
      const several = await refusal(client, 'task_end', { action: 'cancel', tasks: [part.number, task] });
      assert.equal(several.code, 'ToolPermissionDenied');
    }
    for (const input of [
      { action: 'update', task: part.number, parentTask: other.number },
      { action: 'update', task: part.number, dependsOn: [other.number] },
    ]) {
      assert.equal((await refusal(client, 'task_update', input)).code, 'ToolPermissionDenied');
    }
    const all = await refusal(client, 'decide', { action: 'approve', filter: 'is:gated' });
    assert.equal(all.code, 'ToolPermissionDenied');
    const chain = await refusal(client, 'task_review', { action: 'merge', task: 1, withDependencies: true });
    assert.equal(chain.code, 'ToolPermissionDenied');
    assert.equal(JSON.stringify(store.resolve(other.id)), before);
  });

  it('offers no tool and no resource that reaches other tasks', async (context) => {
    const { connect, other } = await family(context);
    const client = await connect({ task: '1', groups: allGroups() });
    assert.match(client.getInstructions() ?? '', /one task and its parts/);
    const names = (await client.listTools()).tools.map(({ name }) => name);
    for (const name of ['task_list', 'inbox', 'queue', 'plan', 'project', 'task_delete', 'gc', 'doctor']) {
      assert.ok(!names.includes(name), name);
    }
    const { resources } = await client.listResources();
    assert.deepEqual(
      resources.map(({ name }) => name),
      ['tasks', 'task-1', 'task-2', 'task-3'],
    );
    const { resourceTemplates } = await client.listResourceTemplates();
    assert.ok(resourceTemplates.every(({ uriTemplate }) => !uriTemplate.startsWith('project:')));
    for (const uri of [`task://${other.number}`, `task://${other.id}/logs`, 'task://stats', 'project://Apollo']) {
      await assert.rejects(client.readResource({ uri }), /There is no resource/, uri);
    }
    assert.doesNotMatch(await read(client, 'task://list?search=secret'), /secret plan/);
    const { completion } = await client.complete({
      ref: { type: 'ref/resource', uri: 'task://{id}' },
      argument: { name: 'id', value: '' },
    });
    assert.deepEqual(completion.values, ['3', '2', '1']);
  });

  it('notifies of changes of its own tasks only', async (context) => {
    const { connect, store, own, other } = await family(context);
    const client = await connect({ generation: '2025-11-25', task: own.id });
    const updated: string[] = [];
    client.setNotificationHandler('notifications/resources/updated', ({ params: { uri } }) => void updated.push(uri));
    await assert.rejects(client.subscribeResource({ uri: `task://${other.id}` }));
    await client.subscribeResource({ uri: `task://${own.id}` });
    await store.updateTask(other.id, { priority: 'high' });
    await store.updateTask(own.id, { priority: 'high' });
    while (updated.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.deepEqual(updated, [`task://${own.id}`]);
  });

  it('ends with its task', async (context) => {
    const { connect, store, own, part, inner } = await family(context);
    const client = await connect({ task: '1' });
    for (const task of [inner, part, own]) await store.deleteTask(task.id);
    assert.equal((await refusal(client, 'task_show', { action: 'show', task: 1 })).code, 'ToolPermissionDenied');
    assert.equal(JSON.parse(await read(client, 'task://list')).total, 0);
  });
});
