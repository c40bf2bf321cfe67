import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { openHost } from '../../../src/host.ts';
import { runOperation } from '../../../src/operations/operation.ts';
import { planFromSpec } from '../../../src/operations/plan/from-spec.ts';
import { taskComplete } from '../../../src/operations/task/complete.ts';
import { tickSource } from '../../../src/runtime/planning/tick-source.ts';
import { confirmWorkspace } from '../../../src/runtime/settings/settings.ts';
import { type Bench, bench } from '../../operations/context.ts';

const text = '# Plan\n\n- [ ] A\n- [ ] B\n';

async function planned(context: TestContext): Promise<{ tasks: Bench; file: string }> {
  const tasks = await bench(context);
  const file = join(tasks.store.folder, 'TODO.md');
  writeFileSync(file, text);
  await tasks.run(planFromSpec, { file: 'TODO.md' });
  return { tasks, file };
}

async function warnings({ store }: Bench, title: string): Promise<string[]> {
  const { entries } = await store.getLogs(store.resolve(title).id);
  return entries.filter(({ level }) => level === 'warn').map(({ message }) => message);
}

describe('tickSource', () => {
  it('ticks the box of the task and changes nothing else', async (context: TestContext) => {
    const { tasks, file } = await planned(context);
    assert.equal(await tickSource(tasks.store, tasks.store.resolve('B')), true);
    assert.equal(readFileSync(file, 'utf8'), '# Plan\n\n- [ ] A\n- [x] B\n');
    assert.equal(await tickSource(tasks.store, tasks.store.resolve('B')), false);
    assert.deepEqual(await warnings(tasks, 'B'), []);
  });

  it('refuses a changed line with one line in the log', async (context: TestContext) => {
    const { tasks, file } = await planned(context);
    writeFileSync(file, text.replace('B', 'B, but different'));
    await tickSource(tasks.store, tasks.store.resolve('B'));
    await tickSource(tasks.store, tasks.store.resolve('B'));
    assert.equal(readFileSync(file, 'utf8'), text.replace('B', 'B, but different'));
    assert.deepEqual(await warnings(tasks, 'B'), [
      'The box of this task in TODO.md was not ticked: its line has changed.',
    ]);
  });

  it('writes to no file outside of the folder, of git or of the tasks', async (context: TestContext) => {
    const { tasks, file } = await planned(context);
    const { folder } = tasks.store;
    const outside = join(folder, '..', `outside-${process.pid}.md`);
    context.after(() => rmSync(outside, { force: true }));
    writeFileSync(outside, text);
    rmSync(file);
    symlinkSync(outside, file);
    await tickSource(tasks.store, tasks.store.resolve('B'));
    assert.equal(readFileSync(outside, 'utf8'), text);
    for (const name of ['.git', '.systemprompt']) {
      mkdirSync(join(folder, name), { recursive: true });
      writeFileSync(join(folder, name, 'TODO.md'), text);
      const task = tasks.store.resolve('B');
      const source = { ...(task.metadata['source'] as object), file: `${name}/TODO.md` };
      await tickSource(tasks.store, { ...task, metadata: { source } });
      assert.equal(readFileSync(join(folder, name, 'TODO.md'), 'utf8'), text);
    }
  });
});

describe('a completed task', () => {
  for (const [setting, expected] of [
    [{}, '- [ ] B'],
    [{ plan: { tickSource: true } }, '- [x] B'],
  ] as const) {
    it(`leaves "${expected}" with ${JSON.stringify(setting)}`, async (context: TestContext) => {
      const { tasks, file } = await planned(context);
      const { folder } = tasks.store;
      writeFileSync(join(folder, '.systemprompt', 'config.json'), JSON.stringify(setting));
      const before = await openHost({ folder, watch: false });
      const shown = Object.values(before.settings.unconfirmedDigests ?? {}).flatMap((digest) => digest ?? []);
      if (shown.length > 0) await confirmWorkspace(folder, shown);
      await before.close();
      const host = await openHost({ folder, watch: false });
      await runOperation(taskComplete, host, { tasks: ['B'] });
      await host.close();
      assert.ok(readFileSync(file, 'utf8').includes(expected));
    });
  }
});
