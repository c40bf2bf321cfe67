import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { endLeftBehind } from '../../../src/agents/end-processes.ts';
import { type ProcessGroupOptions, startProcessGroup } from '../../../src/agents/process-group.ts';
import { isOfRun, RUN_MARKER, runMarker } from '../../../src/core/agent/run-marker.ts';
import { TaskError } from '../../../src/core/errors.ts';
import { shellStep } from '../../../src/core/next-step.ts';
import { processesLeft } from '../../support/processes.ts';
import { until } from '../../support/temp-folder.ts';

let runs = 0;

function options(script: string, more: Partial<ProcessGroupOptions> = {}): ProcessGroupOptions {
  runs += 1;
  const taskId = `task_group${process.pid}x${runs}`;
  return { command: 'sh', args: ['-c', script], cwd: tmpdir(), env: process.env, stdin: 'ignore', taskId, ...more };
}

describe('a process group', () => {
  it('returns the output as bytes, and the exit code', async () => {
    const group = await startProcessGroup(options('printf "a\\377b"; printf err >&2; exit 4'));
    const chunks: Buffer[] = [];
    for await (const chunk of group.stdout) chunks.push(chunk as Buffer);
    assert.deepEqual(Buffer.concat(chunks), Buffer.from([0x61, 0xff, 0x62]));
    assert.equal(await text(group.stderr), 'err');
    assert.deepEqual(await group.exited, { exitCode: 4 });
    assert.deepEqual(await group.gone, { ended: 0, left: [] });
  });

  it('keeps the output of a child that ended before anyone read it', async () => {
    const group = await startProcessGroup(options('echo early'));
    await group.gone;
    await delay(50);
    assert.equal(await text(group.stdout), 'early\n');
  });

  it('ends processes that ignore SIGTERM, including grandchildren and processes that left the group', async () => {
    const stubborn = 'trap "" TERM; echo ready; while :; do sleep 1; done';
    const start = options(
      `(${stubborn}) & setsid sh -c '${stubborn}' & (setsid setsid sh -c '${stubborn}' &) ; ${stubborn}`,
    );
    const group = await startProcessGroup(start);
    let said = '';
    const listening = (async () => {
      for await (const text of group.stdout) said += text;
    })();
    await until('all ignore it', () => said === 'ready\n'.repeat(4));
    const { left, ended } = await group.end();
    assert.deepEqual(left, []);
    assert.ok(ended >= 4, String(ended));
    assert.deepEqual(processesLeft(start.taskId), []);
    assert.deepEqual(await group.exited, { signal: 'SIGKILL' });
    await listening;
  });

  it('waits for a child that handles SIGTERM', async () => {
    const group = await startProcessGroup(options('trap "echo bye; exit 0" TERM; echo ready; sleep 1000 & wait'));
    const lines = group.stdout[Symbol.asyncIterator]();
    assert.equal(String((await lines.next()).value), 'ready\n');
    const rest = lines.next();
    await group.end();
    assert.deepEqual(await group.exited, { exitCode: 0 });
    assert.equal(String((await rest).value), 'bye\n');
  });

  it('ends remaining children after a grace period', async () => {
    const start = options('sleep 1000 & setsid sleep 1000 & echo done');
    const group = await startProcessGroup(start);
    assert.deepEqual(await group.exited, { exitCode: 0 });
    assert.equal((await group.gone).ended, 2);
    assert.deepEqual(processesLeft(start.taskId), []);
    const quick = await startProcessGroup(options('sleep 0.05 & echo done'));
    assert.equal((await quick.gone).ended, 0);
  });

  it('can be ended after its exit, repeatedly and concurrently', async () => {
    const group = await startProcessGroup(options('exit 0'));
    await group.gone;
    const ends = await Promise.all([group.end(), group.end()]);
    assert.deepEqual(ends, [
      { ended: 0, left: [] },
      { ended: 0, left: [] },
    ]);
  });

  for (const [what, more, next] of [
    ['a program that is not there', { command: 'no-such-program-anywhere' }, /Install it/],
    ['a folder that is not there', { cwd: join(tmpdir(), 'not', 'there') }, /folder/],
    [
      'a program that is not known, with its own next step',
      { command: 'no-such-program-anywhere', next: [shellStep('Install it', 'npm i x')] },
      /npm i x/,
    ],
    ['an argument that cannot be passed', { args: ['a\0b'] }, /./],
  ] as const) {
    it(`rejects ${what} with a next step`, async () => {
      const error = await startProcessGroup(options('exit 0', more)).catch((reason: unknown) => reason);
      assert.ok(TaskError.is(error, 'AgentUnavailable'), String(error));
      assert.match(JSON.stringify(error.next), next);
    });
  }

  it('rejects a file without execute permission with a next step', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'group-'));
    const command = join(folder, 'program');
    writeFileSync(command, '#!/bin/sh\n');
    chmodSync(command, 0o644);
    const error = await startProcessGroup(options('', { command })).catch((reason: unknown) => reason);
    assert.ok(TaskError.is(error, 'AgentUnavailable'));
    assert.match(JSON.stringify(error.next), /chmod \+x/);
    rmSync(folder, { recursive: true });
  });
});

describe('processes of a dead worker', () => {
  it('are found by task id and ended', { skip: process.platform !== 'linux' && 'only Linux can tell' }, async () => {
    const taskId = `task_left${process.pid}`;
    const env = { ...process.env, [RUN_MARKER]: runMarker(taskId, 'former') };
    const left = spawn('sh', ['-c', 'sleep 1000 & sleep 1000'], { env, detached: true, stdio: 'ignore' });
    left.unref();
    await until('it runs', () => processesLeft(taskId).length >= 2);
    const yes = (): Promise<boolean> => Promise.resolve(true);
    assert.equal((await endLeftBehind(`${taskId}x`, yes)).ended, 0);
    assert.ok((await endLeftBehind(taskId, yes)).ended >= 2);
    assert.deepEqual(processesLeft(taskId), []);
  });

  it('are spared if the task has an owner, as is a concurrently started run', {
    skip: process.platform !== 'linux' && 'only Linux can tell',
  }, async (context) => {
    const taskId = `task_spared${process.pid}`;
    const start = (nonce: string): ChildProcess => {
      const env = { ...process.env, [RUN_MARKER]: runMarker(taskId, nonce) };
      const child = spawn('sleep', ['1000'], { env, detached: true, stdio: 'ignore' });
      context.after(() => child.kill('SIGKILL'));
      return child;
    };
    start('former');
    await until('it runs', () => processesLeft(taskId).length === 1);
    assert.equal((await endLeftBehind(taskId, async () => false)).ended, 0);
    assert.equal(processesLeft(taskId).length, 1);
    const began: ChildProcess[] = [];
    const { ended } = await endLeftBehind(taskId, async () => {
      began.push(start('later'));
      await until('another run began', () => processesLeft(taskId).length === 2);
      return true;
    });
    assert.equal(ended, 1);
    assert.deepEqual(processesLeft(taskId), [`${began[0]?.pid} sleep 1000`]);
  });

  it('are distinguished from runs of other tasks and nested runs', () => {
    const inner = runMarker('task_b', 'n2', runMarker('task_a', 'n1'));
    assert.ok(isOfRun(inner, 'task_a') && isOfRun(inner, 'task_b', 'n2'));
    assert.ok(!isOfRun(inner, 'task_b', 'n1') && !isOfRun(inner, 'task'));
    assert.ok(isOfRun(runMarker('odd, id:', 'n'), 'odd, id:', 'n'));
  });
});
