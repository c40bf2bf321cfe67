import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { silentLogger } from '../../../src/core/logger.ts';
import { pendingApprovals } from '../../../src/core/task/approval.ts';
import { ownIdentity } from '../../../src/machine/identity.ts';
import { Worker } from '../../../src/runtime/schedule/worker.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { alive } from '../../support/processes.ts';
import { until } from '../../support/temp-folder.ts';
import { workerBench } from '../../support/worker-bench.ts';

describe('worker', () => {
  it('runs a script: output in the log, outcome by exit code, lease released (F27, F97, F98)', async (context) => {
    const bench = await workerBench(context);
    const task = await bench.run({ title: 'good', instructions: 'echo hello; echo noise >&2' });
    const done = await bench.reaches(task.id, 'completed');
    assert.deepEqual(done.result, { exitCode: 0 });
    const messages = done.logs.map((entry) => entry.message);
    assert.ok(messages.includes('hello') && messages.includes('noise'));
    await until('the lease is given back', () => bench.store.resolve(task.id).lease === undefined);
    const [execution] = bench.store.resolve(task.id).executions;
    assert.equal(execution?.outcome, 'completed');
    assert.equal(execution?.exit_code, 0);
    assert.ok(execution?.ended_at !== undefined);
    assert.deepEqual(
      done.history.map((step) => step.to),
      ['in_progress', 'completed'],
    );
  });

  it('removes the temporary folders of a dead process when it starts', async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'systemprompt-temp-'));
    context.after(() => rmSync(folder, { recursive: true, force: true }));
    // A later process has its id.
    writeFileSync(join(folder, 'owner.json'), JSON.stringify({ ...ownIdentity(), started: '1' }));
    await workerBench(context);
    await until('the folder is removed', () => !existsSync(folder));
  });

  it('fails with the exit code, and can be restarted (F37, F213)', async (context) => {
    const bench = await workerBench(context);
    const task = await bench.run({ title: 'flag', instructions: 'test -f flag || { echo no flag >&2; exit 7; }' });
    const failed = await bench.reaches(task.id, 'failed');
    assert.equal(failed.error_code, 'ExitCodeNonZero');
    assert.match(failed.error ?? '', /exit code 7.*no flag/s);
    writeFileSync(join(bench.folder, 'flag'), '');
    await until('the lease is given back', () => bench.store.resolve(task.id).lease === undefined);
    await bench.restart(task.id);
    const done = await bench.reaches(task.id, 'completed');
    assert.equal(done.error, undefined);
    assert.equal(done.executions.length, 2);
  });

  it('starts dependents only after their dependencies complete, at most two at a time (F151, F153)', async (context) => {
    const bench = await workerBench(context, { maxParallel: 2 });
    let most = 0;
    bench.store.on('task:updated', () => {
      most = Math.max(most, bench.store.view.count('in_progress'));
    });
    // Each goes on only when the other has begun, so that both are at work at once; the third has to wait for one of
    // them.
    const mark = (name: string, other: string): string =>
      `test ! -f ${name} && touch ${name}-begun && until [ -f ${other}-begun ]; do sleep 0.02; done && touch ${name}`;
    const a = await bench.run({ title: 'a', instructions: mark('a', 'b') });
    const b = await bench.run({ title: 'b', instructions: mark('b', 'a') });
    const free = await bench.run({ title: 'free', instructions: 'test -f a || test -f b' });
    const c = await bench.run({ title: 'c', instructions: 'test -f a && test -f b', dependsOn: [a.id, b.id] });
    await bench.reaches(c.id, 'completed');
    await bench.reaches(free.id, 'completed');
    assert.equal(most, 2);
  });

  it('holds a task at its gate until the approval, and fails it on a rejection (F204–F206)', async (context) => {
    const bench = await workerBench(context);
    const yes = await bench.run({ title: 'yes', instructions: 'touch yes', requiresApproval: true });
    const no = await bench.run({ title: 'no', instructions: 'touch no', requiresApproval: true });
    assert.equal((await bench.reaches(yes.id, 'paused')).pause_reason, 'approval');
    await bench.decide(yes.id, true);
    await bench.reaches(yes.id, 'completed');
    await bench.decide(no.id, false);
    const rejected = await bench.reaches(no.id, 'failed');
    assert.equal(rejected.error_code, 'ApprovalRejected');
    assert.equal(existsSync(join(bench.folder, 'no')), false);
  });

  it('cancels the whole process tree, including grandchildren and processes that ignore SIGTERM (F31)', async (context) => {
    const bench = await workerBench(context);
    const task = await bench.run({
      title: 'long',
      instructions: 'trap "" TERM; (trap "" TERM; sleep 300) & echo $!; sleep 300',
    });
    await until('it says who its child is', async () =>
      (await bench.store.getTaskLogs(task.id)).some((entry) => /^\d+$/.test(entry.message)),
    );
    const logs = await bench.store.getTaskLogs(task.id);
    const pid = Number(logs.find((entry) => /^\d+$/.test(entry.message))?.message);
    await bench.cancel(task.id);
    await until('nobody is left', () => !alive(pid));
    await until('the lease is given back', () => bench.store.resolve(task.id).lease === undefined);
    assert.equal(bench.store.resolve(task.id).status, 'cancelled');
    assert.equal(bench.store.resolve(task.id).executions[0]?.outcome, 'cancelled');
  });

  it('asks a person for a tool call, pauses, and resumes with the answer (F208, F225)', async (context) => {
    const bench = await workerBench(context);
    const task = await bench.run({ title: 'write', tool: 'asking-twice', description: 'x' });
    await until('both are asked', () => pendingApprovals(bench.store.resolve(task.id)).length === 2);
    assert.equal(bench.store.resolve(task.id).status, 'paused');
    const before = bench.store.resolve(task.id).active_ms;
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal((await bench.store.getTask(task.id))?.duration, before, 'waiting is not work');
    await bench.decide(task.id, true, 1);
    assert.equal(bench.store.resolve(task.id).status, 'paused', 'the other one still waits');
    await bench.decide(task.id, false, 2);
    const done = await bench.reaches(task.id, 'completed_active');
    assert.ok(
      done.logs.some((entry) => /one: .*allow.*two: .*reject/i.test(entry.message)),
      JSON.stringify(done.logs.map((l) => l.message)),
    );
  });

  it('keeps the session for follow-ups, adds up the spend, and ends it when a person completes it (F23, F28, F29, F36)', async (context) => {
    const bench = await workerBench(context);
    const task = await bench.run({ title: 'talk', tool: 'polite' });
    const open = await bench.reaches(task.id, 'completed_active');
    assert.equal(open.assigned_to, 'fake-session');
    assert.equal(open.usage?.total_tokens, 110);
    await bench.followUp(task.id, 'again');
    await until('it has answered', async () =>
      (await bench.store.getTaskLogs(task.id)).some((entry) => entry.message === 'That was turn 2.'),
    );
    const again = await bench.reaches(task.id, 'completed_active');
    assert.equal(again.usage?.total_tokens, 220);
    await bench.complete(task.id);
    await until('the lease is given back', () => bench.store.resolve(task.id).lease === undefined);
    assert.equal(bench.store.resolve(task.id).status, 'completed');
  });

  it('completes an open session automatically if other work waits for it, unless a person must review it', async (context) => {
    const bench = await workerBench(context);
    const free = await bench.run({ title: 'free', tool: 'polite' });
    const next = await bench.run({ title: 'next', instructions: 'true', dependsOn: [free.id] });
    await bench.reaches(next.id, 'completed');
    assert.equal(bench.store.resolve(free.id).status, 'completed');
    const held = await bench.run({ title: 'held', tool: 'polite', review: 'required' });
    const after = await bench.run({ title: 'after', instructions: 'true', dependsOn: [held.id] });
    await bench.reaches(held.id, 'completed_active');
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(bench.store.resolve(after.id).status, 'pending');
    await bench.complete(held.id);
    await bench.reaches(after.id, 'completed');
  });

  it('completes an idle session', async (context) => {
    const bench = await workerBench(context, { sessionIdleMs: 100 });
    const task = await bench.run({ title: 'idle', tool: 'polite' });
    const done = await bench.reaches(task.id, 'completed');
    assert.equal(done.history.at(-1)?.reason, 'idle');
  });

  it('fails with the reason when an agent crashes, and does not claim a task with a missing agent', async (context) => {
    const bench = await workerBench(context);
    const crash = await bench.run({ title: 'crash', tool: 'crashing' });
    const unknown = await bench.run({ title: 'unknown', tool: 'NOSUCH' });
    const failed = await bench.reaches(crash.id, 'failed');
    assert.match(failed.error_code ?? '', /AgentCrashed|AgentUnavailable/);
    const left = bench.store.resolve(unknown.id);
    assert.deepEqual([left.status, left.executions.length], ['pending', 0]);
  });

  it('starts the parts of a group after the dependencies of the group', async (context) => {
    const bench = await workerBench(context);
    const first = await bench.store.createTask({ title: 'first', tool: 'SHELL', instructions: 'sleep 0.3' });
    const group = await bench.store.createTask({ title: 'all', kind: 'group', dependsOn: [first.id] });
    const part = await bench.run({ title: 'part', instructions: 'true', parentId: group.id });
    await bench.store.transact('test', (draft) => draft.patch(first.id, { queued_at: draft.at }));
    const ended = await bench.reaches(part.id, 'completed');
    const before = bench.store.resolve(first.id).completed_at ?? '';
    assert.ok(before !== '' && before <= (ended.started_at ?? ''), `${before} before ${ended.started_at}`);
  });

  it('a script task without a script fails with a next step', async (context) => {
    const bench = await workerBench(context);
    const task = await bench.run({ title: 'empty' });
    const { error, error_next } = await bench.reaches(task.id, 'failed');
    assert.match(error ?? '', /no script/);
    assert.match(JSON.stringify(error_next), /task\.update.*instructions/);
  });

  it('pauses its tasks when it is stopped, and another worker resumes them', async (context) => {
    const bench = await workerBench(context);
    const task = await bench.run({ title: 'go on', instructions: 'test -f half && exit 0; touch half; sleep 300' });
    await until('it is half done', () => existsSync(join(bench.folder, 'half')));
    await bench.worker.stop();
    const paused = bench.store.resolve(task.id);
    assert.equal(paused.status, 'paused');
    assert.equal(paused.error_code, 'Interrupted');
    assert.equal(paused.lease, undefined);
    const second = new Worker({ store: bench.store, agents: bench.agents, logger: silentLogger, mode: 'embedded' });
    await second.start();
    context.after(() => second.stop());
    const { requestStart } = await import('../../../src/core/task/start.ts');
    await bench.store.transact('resume', (draft) =>
      draft.patch(task.id, requestStart(draft.require(task.id), draft.at)),
    );
    await bench.reaches(task.id, 'completed');
  });

  it('releases its own lease that an ended run could not release', async (context) => {
    const bench = await workerBench(context);
    const { store } = bench;
    const transact = store.transact.bind(store);
    let failures = 0;
    store.transact = (name, mutation) => {
      if (name !== 'run.release' || failures > 0) return transact(name, mutation);
      failures += 1;
      return Promise.reject(new Error('the disk is full'));
    };
    const task = await bench.run({ title: 'kept', instructions: 'true' });
    await bench.reaches(task.id, 'completed');
    await until('the lease is released', () => store.resolve(task.id).lease === undefined);
    assert.equal(failures, 1);
    assert.equal(store.resolve(task.id).status, 'completed');
    await until('the log says so', async () =>
      (await store.getLogs(task.id, {})).entries.some(({ message }) => message.includes('without releasing this task')),
    );
  });

  it('two workers never run the same task (G4)', async (context) => {
    const bench = await workerBench(context, { maxParallel: 3 });
    const other = await TaskStore.open({ folder: bench.folder });
    const rival = new Worker({
      store: other,
      agents: bench.agents,
      logger: silentLogger,
      mode: 'embedded',
      maxParallel: 3,
    });
    await rival.start();
    context.after(async () => {
      await rival.stop();
      await other.close();
    });
    const tasks = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        bench.run({ title: `t${i}`, instructions: `echo ran >> ran-${i}; sleep 0.05` }),
      ),
    );
    const { readFileSync } = await import('node:fs');
    for (const [i, task] of tasks.entries()) {
      await bench.reaches(task.id, 'completed');
      assert.equal(readFileSync(join(bench.folder, `ran-${i}`), 'utf8'), 'ran\n');
    }
    const workers = new Set(tasks.map((task) => bench.store.resolve(task.id).executions[0]?.worker));
    assert.equal(bench.store.resolve(tasks[0]?.id ?? '').executions.length, 1);
    assert.ok(workers.size >= 1);
  });
});
