import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Client } from '@modelcontextprotocol/client';
import { generations, mcpBench } from './bench.ts';

async function read<T = Record<string, unknown>>(client: Client, uri: string): Promise<T> {
  const { contents } = await client.readResource({ uri });
  const [first] = contents;
  assert.equal(first?.uri, uri);
  return JSON.parse(first !== undefined && 'text' in first ? String(first.text) : '') as T;
}

describe('tasks as resources', () => {
  for (const generation of generations) {
    it(`are read by their URI, as a list, with log, result and statistics (F99, ${generation})`, async (context) => {
      const { connect, store } = await mcpBench(context);
      const { id } = await store.createTask({ title: 'Fix the login test', project: 'api & web' });
      await store.addLog(id, 'Looked at the log of the build.');
      const client = await connect({ generation });
      assert.equal((await read(client, `task://${id}`)).title, 'Fix the login test');
      assert.equal((await read(client, 'task://1')).id, id);
      const { entries } = await read<{ entries: { message: string }[] }>(client, `task://${id}/logs?limit=1`);
      assert.deepEqual(
        entries.map(({ message }) => message),
        ['Looked at the log of the build.'],
      );
      assert.equal((await read(client, `task://${id}/result`)).status, 'pending');
      assert.equal((await read(client, 'task://stats')).total, 1);
      const project = await read<{ items: { id: string }[] }>(client, `project://${encodeURIComponent('api & web')}`);
      assert.equal(project.items[0]?.id, id);
    });

    it(`are listed in pages, newest first (${generation})`, async (context) => {
      const { connect, store } = await mcpBench(context);
      for (let number = 1; number <= 120; number += 1)
        await store.createTask({ title: `Task ${number}`, project: 'many' });
      const client = await connect({ generation });
      // Without a cursor, the client reads all pages.
      const { resources } = await client.listResources();
      const tasks = resources.filter(({ uri }) => /^task:\/\/task_/.test(uri));
      assert.deepEqual([tasks.length, tasks[0]?.title, tasks.at(-1)?.title], [120, '#120 Task 120', '#1 Task 1']);
      assert.ok(resources.some(({ uri }) => uri === 'project://many'));
      const { resourceTemplates } = await client.listResourceTemplates();
      assert.equal(resourceTemplates.length, 6);
      const page = await read<{ tasks: { number: number }[]; cursor: string }>(
        client,
        'task://list?status=pending,paused&limit=2&sort=number',
      );
      const next = await read<{ tasks: { number: number }[] }>(
        client,
        `task://list?status=pending,paused&limit=2&sort=number&cursor=${encodeURIComponent(page.cursor)}`,
      );
      assert.deepEqual(
        [...page.tasks, ...next.tasks].map(({ number }) => number),
        [1, 2, 3, 4],
      );
    });
  }

  it('complete ids, numbers and projects', async (context) => {
    const { connect, store } = await mcpBench(context);
    const { id } = await store.createTask({ title: 'One', project: 'api' });
    await store.createTask({ title: 'Two', project: 'web' });
    const client = await connect();
    const complete = async (uri: string, name: string, value: string): Promise<string[]> =>
      (await client.complete({ ref: { type: 'ref/resource', uri }, argument: { name, value } })).completion.values;
    assert.deepEqual(await complete('task://{id}', 'id', ''), ['2', '1']);
    assert.deepEqual(await complete('task://{id}', 'id', id.slice(0, 9)), [id]);
    assert.deepEqual(await complete('project://{name}', 'name', 'A'), ['api']);
    assert.deepEqual(await complete('project://{name}', 'other', ''), []);
  });

  it('are not found by wrong, traversing or deleted names', async (context) => {
    const { connect, store } = await mcpBench(context);
    const { id } = await store.createTask({ title: 'One' });
    const client = await connect();
    const wrong = [
      'task://../../etc/passwd',
      'task://%2e%2e%2f%2e%2e%2fetc%2fpasswd',
      `task://${id}/../../config.json`,
      `task://${id}/files`,
      'task://',
      'task://toString',
      'project://..%2f..',
      'project://%E0%A4%A',
      'project://nothing',
      'file:///etc/passwd',
      `task://${'9'.repeat(5_000)}`,
    ];
    for (const uri of wrong) await assert.rejects(client.readResource({ uri }), /There is no (resource|task)/, uri);
    await store.deleteTask(id);
    await assert.rejects(client.readResource({ uri: `task://${id}` }), /There is no task/);
    await assert.rejects(client.readResource({ uri: 'task://list?limit=many' }), /limit/);
    await assert.rejects(client.readResource({ uri: 'task://list?nothing=1' }), /nothing/i);
  });

  it('have the prompts of the original server', async (context) => {
    const { connect } = await mcpBench(context);
    const client = await connect();
    const { prompts } = await client.listPrompts();
    assert.deepEqual(
      prompts.map(({ name }) => name),
      ['fix_bug', 'write_unit_tests', 'plan_feature'],
    );
    const { messages } = await client.getPrompt({ name: 'fix_bug', arguments: { bug: 'Login fails', project: 'api' } });
    assert.match(JSON.stringify(messages), /project \\"api\\".*Login fails/);
    await assert.rejects(client.getPrompt({ name: 'fix_bug', arguments: {} }), /needs the argument "bug"/);
    await assert.rejects(client.getPrompt({ name: 'fix_bugs' }), /There is no prompt/);
  });
});
