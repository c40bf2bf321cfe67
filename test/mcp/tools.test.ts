import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { allGroups, personGroups } from '../../src/mcp/tools/groups.ts';
import { definitionOf } from '../../src/mcp/tools/operation-tools.ts';
import { declarations, type OperationName } from '../../src/operations/declarations.ts';
import { call, generations, mcpBench, refusal } from './bench.ts';

/** As other tools are measured: bytes of JSON through 4. */
async function tokensOf(groups: ReturnType<typeof personGroups>): Promise<number> {
  return Math.round(Buffer.byteLength(JSON.stringify(await Promise.all(groups.map(definitionOf)))) / 4);
}

describe('the tools for a person', () => {
  it('offer every operation of the set once, in about twelve tools', () => {
    const offered = personGroups().flatMap(({ actions }) => Object.values(actions));
    const declared = (Object.keys(declarations) as OperationName[]).filter((name) =>
      (declarations[name].toolSets as readonly string[]).includes('person'),
    );
    assert.deepEqual(offered.sort(), declared.sort());
    assert.ok(personGroups().length <= 16, `${personGroups().length} tools`);
  });

  it('have the number of tokens in the page', async () => {
    const page = readFileSync(new URL('../../docs/mcp.md', import.meta.url), 'utf8');
    for (const [name, groups] of [
      ['person', personGroups()],
      ['all', allGroups()],
    ] as const) {
      const row = new RegExp(`^\\| \`${name}\` \\| (\\d+) \\| ([\\d,]+) \\|`, 'm').exec(page);
      const tokens = await tokensOf(groups);
      assert.ok(
        Math.abs(Number(row?.[1]) - groups.length) <= 0.15 * groups.length,
        `${name} has ${groups.length} tools`,
      );
      const stated = Number(row?.[2]?.replaceAll(',', ''));
      assert.ok(Math.abs(stated - tokens) <= 0.15 * tokens, `${name} has ${tokens} tokens, the page says ${stated}`);
    }
  });

  it('offer every operation in the set of all', () => {
    const offered = allGroups().flatMap(({ actions }) => Object.values(actions));
    assert.deepEqual(offered.sort(), Object.keys(declarations).sort());
    const names = allGroups().map(({ name }) => name);
    assert.equal(new Set(names).size, names.length, 'no name twice');
  });

  it('are annotated by the effects of their operations', async () => {
    const hints = async (name: string): Promise<object | undefined> => {
      const group = personGroups().find((each) => each.name === name);
      return group && (await definitionOf(group)).annotations;
    };
    assert.deepEqual(await hints('task_list'), {
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    });
    assert.deepEqual(await hints('task_end'), {
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: true,
      openWorldHint: false,
    });
  });

  for (const generation of generations) {
    it(`create, change, list and show a task for a client of ${generation}`, async (context) => {
      const { connect, store } = await mcpBench(context);
      const client = await connect({ generation });
      assert.equal(client.getNegotiatedProtocolVersion(), generation);
      const { tools } = await client.listTools();
      assert.equal(tools.length, personGroups().length);
      const made = await call<{ id: string; number: number }>(client, 'task_create', {
        action: 'create',
        title: 'Fix the login test',
        priority: 'high',
      });
      assert.equal(store.resolve('1').title, 'Fix the login test');
      await call(client, 'task_update', { action: 'update', task: made.number, priority: 'low' });
      await call(client, 'task_update', { action: 'note', task: made.number, text: 'See the log of the build.' });
      assert.equal(store.resolve('1').priority, 'low');
      const { tasks } = await call<{ tasks: { id: string }[] }>(client, 'task_list');
      assert.deepEqual(
        tasks.map(({ id }) => id),
        [made.id],
      );
      const shown = await call(client, 'task_show', { action: 'show', task: 1 });
      assert.equal(shown.title, 'Fix the login test');
      assert.equal(shown.logs, undefined, 'a log is a resource');
    });
  }

  it('answer a wrong name, action or value with an error that has a code and next steps', async (context) => {
    const { connect } = await mcpBench(context);
    const client = await connect();
    const unknown = await refusal(client, 'task_lst');
    assert.equal(unknown.code, 'InvalidInput');
    assert.deepEqual(unknown.next[0], { kind: 'text', label: 'Did you mean "task_list"?' });
    const action = await refusal(client, 'task_end', { action: 'remove', tasks: [1] });
    assert.match(action.message, /complete, cancel/);
    const missing = await refusal(client, 'task_show', { action: 'show', task: 7 });
    assert.equal(missing.code, 'TaskNotFound');
    assert.ok(missing.next.length > 0);
    assert.equal((await refusal(client, 'task_list', { status: ['done'] })).code, 'InvalidInput');
    assert.equal((await refusal(client, 'task_list', { nothing: true })).code, 'InvalidInput');
    assert.equal((await refusal(client, '__proto__')).code, 'InvalidInput');
    assert.equal((await refusal(client, 'decide', { action: 'constructor' })).code, 'InvalidInput');
  });

  it('show long tasks in lists by their main fields, and cut long texts', async (context) => {
    const { connect, store } = await mcpBench(context);
    for (const title of ['One', 'Two']) await store.createTask({ title, instructions: 'x'.repeat(50_000) });
    const client = await connect();
    const { tasks } = await call<{ tasks: Record<string, unknown>[] }>(client, 'task_list');
    assert.equal(tasks[0]?.instructions, undefined);
    const shown = await call(client, 'task_show', { action: 'show', task: 1 });
    assert.match(String(shown.instructions), /^x{4000}… \(50000 characters\)$/);
  });

  it('give an export whole, or report that it is too long', async (context) => {
    const { connect, store } = await mcpBench(context);
    await store.createTask({ title: 'One', instructions: 'x'.repeat(10_000) });
    const client = await connect();
    const { text } = await call<{ text: string }>(client, 'plan', { action: 'export' });
    const [item] = (JSON.parse(text) as { items: { instructions: string }[] }).items;
    assert.equal(item?.instructions.length, 10_000);
    await store.createTask({ title: 'Two', instructions: 'x'.repeat(60_000) });
    assert.equal((await call(client, 'plan', { action: 'export' })).truncated, true);
  });
});
