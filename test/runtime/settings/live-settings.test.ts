import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { machineSettingsFile, workspaceSettingsFile } from '../../../src/runtime/settings/settings.ts';
import { tempFolder, until } from '../../support/temp-folder.ts';
import { machineOf, type WorkerBench, workerBench } from '../../support/worker-bench.ts';

function write(folder: string, text: string): void {
  const file = workspaceSettingsFile(folder);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** The machine's own settings, which need no confirmation. */
function setOwn(folder: string, settings: object): void {
  const file = machineSettingsFile(machineOf(folder));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(settings));
}

const set = (folder: string, settings: object): void => write(folder, JSON.stringify(settings));

/** A change of any task: the worker looks around at once. */
async function changed(bench: WorkerBench): Promise<void> {
  await bench.store.createTask({ title: 'Another' });
}

describe('settings changed while a worker runs', () => {
  it('apply a lowered limit of the day to running tasks, and a raised one resumes them', async (context) => {
    const bench = await workerBench(context);
    const task = await bench.run({ title: 'way: cost 10, then waits', tool: 'spending' });
    await until('it has spent', () => (bench.store.resolve(task.id).usage?.cost_usd ?? 0) >= 0.099);
    const next = await bench.run({ title: 'next', instructions: 'true' });
    await until('it was let go', () => {
      const { status, lease } = bench.store.resolve(next.id);
      return status === 'completed' && lease === undefined;
    });
    // Nothing happens to any task: the worker finds it at its own look around, and the agent is silent.
    set(bench.folder, { budget: { perDay: { costUsd: 0.05 } } });
    const paused = await bench.reaches(task.id, 'paused');
    assert.match(paused.error ?? '', /daily limit of this folder was reached: \$0\.10 of \$0\.05/);
    await until('it was let go', () => bench.store.resolve(task.id).lease === undefined);
    set(bench.folder, { budget: { perDay: { costUsd: 5 } } });
    await bench.start(task.id);
    await bench.reaches(task.id, 'completed_active');
  });

  it('keep their last valid state while the file is invalid', async (context) => {
    const folder = tempFolder(context);
    set(folder, { budget: { perDay: { iterations: 1 } } });
    const bench = await workerBench(context, { folder });
    const first = await bench.run({ title: 'talk', tool: 'polite' });
    await bench.reaches(first.id, 'completed_active');
    write(folder, '{ "budget": ');
    const second = await bench.run({ title: 'talk', tool: 'polite' });
    assert.equal((await bench.reaches(second.id, 'paused')).error_code, 'IterationLimitExceeded');
  });

  it('apply the recovery policy to later failures and to tasks that wait for one', async (context) => {
    const bench = await workerBench(context);
    const settled = async (title: string): Promise<[string, string]> => {
      const first = await bench.run({ title, tool: 'crashing' });
      const second = await bench.run({ title: 'second', instructions: 'true', dependsOn: [first.id] });
      await until('it was let go', () => {
        const { status, lease } = bench.store.resolve(first.id);
        return status === 'failed' && lease === undefined;
      });
      return [first.id, second.id];
    };
    const [first, second] = await settled('before');
    assert.equal(bench.store.resolve(first).recoveries, undefined);
    assert.equal(bench.store.resolve(second).status, 'pending');
    const rule = { action: 'retry', times: 1 };
    setOwn(bench.folder, { onDependencyFailed: 'cancel', recovery: { AgentCrashed: rule } });
    await changed(bench);
    await bench.reaches(second, 'cancelled');
    assert.deepEqual(bench.store.resolve(first).recoveries, { AgentCrashed: 1 }, 'it was helped before');
    const task = await bench.run({ title: 'after', tool: 'crashing' });
    await until('it was helped once', () => {
      const { status, lease, recoveries } = bench.store.resolve(task.id);
      return status === 'failed' && lease === undefined && recoveries?.['AgentCrashed'] === 1;
    });
  });

  it('apply the number of concurrent tasks', async (context) => {
    const folder = tempFolder(context);
    set(folder, { worker: { maxParallel: 1 } });
    const bench = await workerBench(context, { folder, maxParallel: undefined });
    const long = `until test -f '${join(folder, 'go')}'; do sleep 0.1; done`;
    const first = await bench.run({ title: 'first', instructions: long });
    await bench.reaches(first.id, 'in_progress');
    const second = await bench.run({ title: 'second', instructions: 'true' });
    await changed(bench);
    set(folder, { worker: { maxParallel: 1, maxPerAgent: { SHELL: 2 } } });
    await changed(bench);
    assert.equal(bench.store.resolve(second.id).status, 'pending');
    set(folder, { worker: { maxParallel: 2 } });
    await changed(bench);
    await bench.reaches(second.id, 'completed');
    assert.equal(bench.store.resolve(first.id).status, 'in_progress');
    writeFileSync(join(folder, 'go'), '');
    await bench.reaches(first.id, 'completed');
  });

  it('do not override the options of a program', async (context) => {
    const bench = await workerBench(context, { settings: { onDependencyFailed: 'ignore' } });
    setOwn(bench.folder, { onDependencyFailed: 'cancel' });
    const first = await bench.run({ title: 'first', instructions: 'exit 1' });
    const second = await bench.run({ title: 'second', instructions: 'true', dependsOn: [first.id] });
    await bench.reaches(second.id, 'completed', 'cancelled');
    assert.equal(bench.store.resolve(second.id).status, 'completed');
  });

  it('cannot exceed the limits of the machine for any change of either file', async (context) => {
    const bench = await workerBench(context);
    const machine = machineSettingsFile(machineOf(bench.folder));
    mkdirSync(dirname(machine), { recursive: true });
    writeFileSync(machine, JSON.stringify({ budget: { perDay: { iterations: 1 } } }));
    set(bench.folder, { budget: { perDay: { iterations: 100 } } });
    const first = await bench.run({ title: 'talk', tool: 'polite' });
    await bench.reaches(first.id, 'completed_active');
    const second = await bench.run({ title: 'talk', tool: 'polite' });
    assert.equal((await bench.reaches(second.id, 'paused')).error_code, 'IterationLimitExceeded');
  });
});
