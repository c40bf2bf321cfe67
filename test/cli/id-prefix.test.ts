import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { command as show } from '../../src/cli/commands/task-show.ts';
import { fullId, withFullIds } from '../../src/cli/id-prefix.ts';
import { bench } from '../operations/context.ts';

describe('a prefix of an id on the command line', () => {
  it('resolves to the only task whose id starts with it, also in the archive', async (context) => {
    const { store } = await bench(context);
    const { id } = await store.createTask({ title: 'One', tool: 'SHELL' });
    const prefix = id.slice(0, 10);
    const { flags } = await show();
    assert.deepEqual(await withFullIds({ task: prefix, history: true }, flags, store), { task: id, history: true });
    await store.updateTask(id, { status: 'cancelled' });
    await store.archive.add([id]);
    assert.equal(await fullId(prefix, store), id);
  });

  it('is ignored if the words match a title', async (context) => {
    const { store } = await bench(context);
    const { id } = await store.createTask({ title: 'One', tool: 'SHELL' });
    await store.createTask({ title: id.slice(0, 10), tool: 'SHELL' });
    for (const name of ['1', '#1', 'One', id, id.slice(0, 10), 'tas', 'nobody']) {
      assert.equal(await fullId(name, store), name);
    }
  });

  it('is rejected if several ids start with it', async (context) => {
    const { store } = await bench(context);
    for (const title of ['One', 'Two']) await store.createTask({ title, tool: 'SHELL' });
    await assert.rejects(fullId('task_', store), { code: 'AmbiguousTask', message: '"task_" is the prefix of 2 ids.' });
  });
});
