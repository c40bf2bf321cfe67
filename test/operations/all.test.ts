import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { operations } from '../../src/operations/all.ts';
import { effectOf, type Operation, runOperation } from '../../src/operations/operation.ts';
import { taskCreate } from '../../src/operations/task/create.ts';
import { bench } from './context.ts';

describe('operations', () => {
  const loaded: Operation[] = [];

  before(async () => {
    for (const { load } of Object.values(operations)) loaded.push(await load());
  });

  it('are all in the record: each file that defines one, under its own name', () => {
    const folder = fileURLToPath(new URL('../../src/operations/', import.meta.url));
    const defined = globSync('*/*.ts', { cwd: folder }).flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(/ = defineOperation\('([^']+)'/g)].map(([, name]) => name),
    );
    assert.ok(defined.length > 30);
    assert.deepEqual(loaded.map(({ name }) => name).sort(), defined.sort());
    assert.deepEqual(
      loaded.map(({ name }) => name),
      Object.keys(operations),
    );
  });

  it('describe every field that a face shows', () => {
    for (const operation of loaded) {
      assert.match(operation.summary, /^[A-Z].*\.$/, operation.name);
      for (const [key, schema] of Object.entries(operation.input.shape)) {
        const words = JSON.stringify(z.toJSONSchema(schema as z.ZodType, { io: 'input' }));
        assert.match(words, /"description":"[A-Z].*\."/, `${operation.name} ${key}`);
      }
      for (const key of operation.positional) assert.ok(key in operation.input.shape);
    }
  });

  it('skip the schema of an empty input only where that gives an empty input', () => {
    const skipping = loaded.filter(({ takesNothing }) => takesNothing === true);
    assert.ok(skipping.some(({ name }) => name === 'task.list'));
    for (const { input, name } of skipping) assert.deepEqual(input.safeParse({}).data, {}, name);
  });

  it('have inputs and outputs that convert to JSON schema', () => {
    for (const operation of loaded) {
      assert.equal(z.toJSONSchema(operation.input, { io: 'input' }).additionalProperties, false, operation.name);
      z.toJSONSchema(operation.output, { io: 'input' });
    }
  });

  it('declare their effect and whether they are destructive', () => {
    for (const { name, effect, destructive, idempotent } of loaded) {
      if (effect === 'read') assert.deepEqual([destructive, idempotent], [false, true], name);
    }
    assert.deepEqual(
      loaded.filter(({ destructive }) => destructive).map(({ name }) => name),
      ['task.discard', 'task.restore', 'task.cancel', 'task.delete', 'task.race.pick', 'gc'],
    );
  });

  it('offer an agent only actions within its own task', () => {
    const offered = loaded.filter(({ toolSets }) => toolSets.includes('agent'));
    assert.ok(
      offered.every(
        ({ destructive, effect, name }) => !destructive && (effect !== 'run' || name === 'task.checkpoint'),
      ),
    );
    assert.ok(offered.length <= 7, `${offered.length}`);
  });

  it('have an effect for an input', () => {
    assert.equal(effectOf(taskCreate, { title: 'x' }), 'write');
    assert.equal(effectOf(taskCreate, { title: 'x', start: true }), 'run');
  });

  it('can be called by name', async (context: TestContext) => {
    const host = await bench(context);
    const { number } = await operations['task.create'].run(host, { title: 'Fix it' });
    assert.equal((await operations['task.show'].run(host, { task: number })).title, 'Fix it');
    await assert.rejects(operations['task.show'].run(host, { task: 0 }), { code: 'InvalidInput' });
  });

  it('do nothing after their signal is aborted', async (context: TestContext) => {
    const host = await bench(context);
    const signal = AbortSignal.abort(new Error('changed my mind'));
    await assert.rejects(runOperation(taskCreate, host, { title: 'x' }, { signal }), { message: 'changed my mind' });
    assert.equal(host.store.view.size, 0);
  });
});
