import assert from 'node:assert/strict';
import { existsSync, mkdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { taskArchive } from '../../../src/operations/store/archive.ts';
import { doctor } from '../../../src/operations/store/doctor.ts';
import { gc } from '../../../src/operations/store/gc.ts';
import { status } from '../../../src/operations/store/status.ts';
import { taskCancel } from '../../../src/operations/task/cancel.ts';
import { taskCreate } from '../../../src/operations/task/create.ts';
import { until } from '../../support/temp-folder.ts';
import { bench, taken } from '../context.ts';

describe('doctor', () => {
  it('reports a healthy store or its problems, and repairs them on request', async (context) => {
    const { run, store } = await bench(context);
    const { id } = await run(taskCreate, { title: 'A' });
    const file = join(store.folder, '.systemprompt', 'state', 'tasks', `${id}.json`);
    await until('the file is written', () => existsSync(file));
    assert.deepEqual(await run(doctor, {}), { healthy: true, findings: [], restored: [], stopped: null });
    unlinkSync(file);
    const ill = await run(doctor, {});
    assert.deepEqual(
      [ill.healthy, ill.findings.map(({ code, fixable, fixed }) => [code, fixable, fixed])],
      [false, [['task-file-behind', true, false]]],
    );
    assert.ok(!existsSync(file));
    const mended = await run(doctor, { fix: true });
    assert.deepEqual([mended.healthy, mended.findings[0]?.fixed], [true, true]);
    assert.ok(existsSync(file));
    assert.deepEqual(await run(doctor, {}), { healthy: true, findings: [], restored: [], stopped: null });
  });

  it('finds tasks and presence files of dead workers', async (context) => {
    const { run, store } = await bench(context);
    await run(taskCreate, { title: 'A' });
    await taken(store, 'A');
    // A worker of this machine that is not there.
    await store.transact('test.dead', (draft) => {
      const task = draft.require('A');
      assert.ok(task.lease !== undefined);
      draft.patch(task.id, { lease: { ...task.lease, expires_at: new Date(0).toISOString() } });
    });
    const workers = join(store.folder, '.systemprompt', 'state', 'workers');
    mkdirSync(workers, { recursive: true, mode: 0o700 });
    writeFileSync(join(workers, 'w9.json'), 'not a presence', { mode: 0o600 });
    await store.addLog('A', 'x');
    const codes = async (fix: boolean): Promise<string[]> =>
      (await run(doctor, { fix })).findings.map(({ code }) => code).filter((code) => code !== 'task-file-behind');
    assert.deepEqual(await codes(false), ['lease-of-dead-worker', 'presence-of-dead-worker']);
    await codes(true);
    assert.deepEqual(await codes(false), []);
    assert.deepEqual(
      [store.resolve('A').status, store.resolve('A').pause_reason, existsSync(join(workers, 'w9.json'))],
      ['paused', 'interrupted', false],
    );
  });

  it('finds a task whose program is silent for a minute, by its changes and its log', async (context) => {
    const { run, store } = await bench(context);
    await run(taskCreate, { title: 'A' });
    await store.updateTask('A', { status: 'in_progress' });
    const codes = async (fix: boolean): Promise<string[]> =>
      (await run(doctor, { fix })).findings.map(({ code }) => code).filter((code) => code !== 'task-file-behind');
    const { updated_at, id } = store.resolve('A');
    context.mock.timers.enable({ apis: ['Date'], now: Date.parse(updated_at) + 59_000 });
    assert.deepEqual(await codes(true), []);
    await store.addLog(id, 'Still at it');
    context.mock.timers.tick(59_000);
    assert.deepEqual(await codes(true), [], 'a line of its log is a sign of life');
    context.mock.timers.tick(2_000);
    assert.deepEqual(await codes(false), ['task-without-program']);
    assert.equal(store.resolve('A').status, 'in_progress');
    await codes(true);
    assert.deepEqual([store.resolve('A').status, store.resolve('A').pause_reason], ['paused', 'interrupted']);
    assert.deepEqual(await codes(false), []);
  });

  it('finds worktrees without a task and keeps them', async (context) => {
    const { run, store } = await bench(context);
    const { id } = await run(taskCreate, { title: 'A' });
    await until('the file is written', () =>
      existsSync(join(store.folder, '.systemprompt', 'state', 'tasks', `${id}.json`)),
    );
    for (const name of ['1-a', '7-gone']) {
      mkdirSync(join(store.folder, '.systemprompt', 'worktrees', name), { recursive: true });
    }
    const { findings } = await run(doctor, { fix: true });
    assert.deepEqual(
      findings.map(({ code, fixed }) => [code, fixed]),
      [['worktree-orphan', false]],
    );
    assert.ok(existsSync(join(store.folder, '.systemprompt', 'worktrees', '7-gone')));
  });
});

describe('gc', () => {
  it('reports what it would free, and frees it only with yes', async (context) => {
    const { run, store } = await bench(context);
    await run(taskCreate, { title: 'A' });
    const quarantine = join(store.folder, '.systemprompt', 'state', 'quarantine');
    mkdirSync(quarantine, { recursive: true });
    writeFileSync(join(quarantine, 'x'), '12345');
    for (const input of [{ olderThanDays: 0 }, { olderThanDays: 0, yes: true, dryRun: true }]) {
      const plan = await run(gc, input);
      assert.deepEqual([plan.freed, plan.bytes, plan.items.length], [false, 5, 1]);
      assert.ok(existsSync(join(quarantine, 'x')));
    }
    assert.equal((await run(gc, { yes: true })).items.length, 0, 'it is young');
    const done = await run(gc, { olderThanDays: 0, yes: true });
    assert.deepEqual([done.freed, done.bytes], [true, 5]);
    assert.ok(!existsSync(join(quarantine, 'x')));
  });
});

describe('status', () => {
  it('reports the size of the tasks on disk and in memory and the number of archived tasks', async (context) => {
    const { run } = await bench(context);
    for (const title of ['A', 'B']) await run(taskCreate, { title });
    await run(taskCancel, { tasks: ['A'] });
    await run(taskArchive, { tasks: ['A'] });
    const { archived, total, storage, memory } = await run(status, {});
    assert.deepEqual([archived, total], [1, 1]);
    assert.ok((storage?.areas.journal.bytes ?? 0) > 0 && (storage?.areas.archive.bytes ?? 0) > 0);
    assert.equal(
      storage?.bytes,
      Object.values(storage?.areas ?? {}).reduce((sum, { bytes }) => sum + bytes, 0),
    );
    assert.ok(memory.task_bytes > 200 && memory.task_bytes < 10_000 && memory.heap_bytes > memory.tasks_bytes);
  });
});
