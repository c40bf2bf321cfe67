import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { requestStart } from '../../../src/core/task/start.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { type FakeClock, fakeClock, faketimeOrSkip } from '../../support/faketime.ts';
import { processesLeft } from '../../support/processes.ts';
import { tempFolder, until } from '../../support/temp-folder.ts';

const child = fileURLToPath(new URL('./worker-child.ts', import.meta.url));
const HOUR_S = 3_600;
const { library, skip } = await faketimeOrSkip();

interface Bench {
  readonly clock: FakeClock;
  readonly worker: ChildProcess;
  /** A script and a conversation, both at work until `finish`. */
  readonly tasks: readonly TaskRecord[];
  /** The task as it is now. */
  now(task: TaskRecord): TaskRecord;
  finish(): void;
  /** Numbers of the tasks that another process would recover, by the same clock. */
  recoveredByOthers(): Promise<string>;
}

async function bench(context: TestContext): Promise<Bench> {
  const folder = tempFolder(context);
  const store = await TaskStore.open({ folder });
  const clock = fakeClock(library, tempFolder(context));
  const ids: string[] = [];
  for (const tool of ['SHELL', 'waiting']) {
    const { id } = await store.createTask({ title: tool, tool, instructions: 'until [ -e go ]; do sleep 0.1; done' });
    await store.transact('test', (draft) => draft.patch(id, requestStart(draft.require(id), draft.at)));
    ids.push(id);
  }
  const worker = spawn(process.execPath, [child, folder, 'work'], { env: clock.env, stdio: 'inherit' });
  const ended = once(worker, 'exit');
  context.after(async () => {
    worker.kill('SIGCONT');
    worker.kill('SIGTERM');
    await ended;
    await store.close();
  });
  for (const id of ids)
    await until('a session is open', () => store.resolve(id).executions[0]?.session_id !== undefined);
  return {
    clock,
    worker,
    tasks: ids.map((id) => store.resolve(id)),
    now: (task) => store.resolve(task.id),
    finish: () => writeFileSync(join(folder, 'go'), ''),
    recoveredByOthers: async () =>
      (await promisify(execFile)(process.execPath, [child, folder, 'recover'], { env: clock.env })).stdout,
  };
}

function expiry({ lease }: TaskRecord): number {
  return Date.parse(lease?.expires_at ?? '');
}

/** The worker has renewed its leases by the clock as it is now; until then it has looked for dead owners several times. */
async function renewed({ tasks, now }: Bench, offsetSeconds: number): Promise<void> {
  const near = (task: TaskRecord): boolean =>
    Math.abs(expiry(now(task)) - 45_000 - offsetSeconds * 1_000 - Date.now()) < 45_000;
  await until('the leases are renewed', () => tasks.every((task) => now(task).status !== 'in_progress' || near(task)));
}

async function assertUntouched(bench: Bench): Promise<void> {
  for (const task of bench.tasks) {
    assert.equal(bench.now(task).status, 'in_progress', bench.now(task).error);
    assert.equal(bench.now(task).lease?.pid, bench.worker.pid);
    assert.ok(processesLeft(task.id).length > 0, 'its agent runs');
  }
}

async function assertCompletes(bench: Bench, began: number): Promise<void> {
  bench.finish();
  for (const task of bench.tasks) {
    await until(
      'it is done',
      () => /^completed/.test(bench.now(task).status) && bench.now(task).active_since === undefined,
    );
    const { executions, active_ms } = bench.now(task);
    assert.equal(executions.length, 1, 'in one execution');
    assert.ok(active_ms <= performance.now() - began, `${active_ms} ms of work are no more than there were`);
  }
}

describe('a worker whose clock jumps', { skip }, () => {
  it('keeps its tasks and agents and does not count the jump as work', async (context) => {
    const began = performance.now();
    const running = await bench(context);
    for (const seconds of [120, HOUR_S, -HOUR_S]) {
      running.clock.jump(seconds);
      assert.equal(await running.recoveredByOthers(), '');
      await renewed(running, seconds);
      await assertUntouched(running);
    }
    await assertCompletes(running, began);
  });
});

describe('a worker suspended for longer than its lease', { skip }, () => {
  it('keeps its tasks: no other worker claims them, and it continues them', async (context) => {
    const began = performance.now();
    const running = await bench(context);
    running.worker.kill('SIGSTOP');
    running.clock.jump(62);
    assert.equal(await running.recoveredByOthers(), '');
    running.worker.kill('SIGCONT');
    await renewed(running, 62);
    await assertUntouched(running);
    await assertCompletes(running, began);
  });

  it('loses them when it is killed', async (context) => {
    const running = await bench(context);
    running.worker.kill('SIGKILL');
    await once(running.worker, 'exit');
    assert.deepEqual((await running.recoveredByOthers()).trim().split('\n').sort(), ['#1', '#2']);
    for (const task of running.tasks) assert.deepEqual(processesLeft(task.id), []);
  });
});
