import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../../support/temp-folder.ts';
import type { Bench } from '../bench.ts';
import type { Check, Scenario } from '../scenario.ts';

/** Input tokens of the call that is cut off. */
const CUT_OFF = 100;

/** Writes a file, is interrupted in its second call of the model, and then only has to answer. */
const script: Scenario['script'] = [
  { tools: [{ kind: 'write', path: 'once.txt', content: 'written once\n' }], usage: { input: 1_000, output: 50 } },
  { text: 'Thinking about it.', hang: true, usage: { input: CUT_OFF, output: 10 } },
  { text: 'All done.', usage: { input: 2_000, output: 9 } },
];

async function resumes(bench: Bench, check: Check, cause: string): Promise<void> {
  const { run, model } = bench;
  await bench.released();
  const before = await bench.task();
  // A repeated write would make the file again.
  rmSync(join(run.folder, 'once.txt'));
  await run.ok('task', 'resume', '1');
  const done = await bench.approveAll();
  await check(`${cause}: resumes in the same session`, () => {
    assert.equal(done.status, 'completed_active', done.error);
    const sessions = new Set(done.executions.map(({ session_id }) => session_id));
    assert.deepEqual([done.executions.length, sessions.size], [before.executions.length + 1, 1]);
  });
  await check(`${cause}: repeats no finished tool call`, () => {
    assert.equal(existsSync(join(run.folder, 'once.txt')), false, 'the file was written again');
    assert.equal(model.requests.length, 3);
    assert.match(model.requests[2]?.text ?? '', /written once/, 'the model has forgotten the call');
  });
  await check(`${cause}: counts the tokens of the finished calls`, () => {
    const calls = model.requests.flatMap(({ usage }) => (usage === undefined ? [] : [usage.input]));
    const finished = calls.reduce((a, b) => a + b, 0);
    // Some agents record the input of the call that was cut off, too, or calls beside the conversation: they are paid for.
    const input = done.usage?.input_tokens ?? 0;
    assert.ok(input >= finished && input <= model.spent.input + CUT_OFF, JSON.stringify(done.usage));
    assert.equal(done.usage?.estimated, true, 'it is not said that it was more');
  });
}

const agentKilled: Scenario = {
  name: 'resumes after its agent was killed',
  checks: [
    'agent killed: fails with the reason',
    'agent killed: resumes in the same session',
    'agent killed: repeats no finished tool call',
    'agent killed: counts the tokens of the finished calls',
  ],
  script,
  async drive(bench, check) {
    await bench.start('Write once.txt');
    await bench.approveUntilAsked(2);
    for (const row of await bench.left()) process.kill(Number.parseInt(row, 10), 'SIGKILL');
    const failed = await bench.reaches('failed');
    await check('agent killed: fails with the reason', () => {
      assert.equal(failed.error_code, 'AgentCrashed');
      assert.match(failed.error ?? '', /SIGKILL/);
      assert.ok((failed.error_next ?? []).length > 0, 'it says nothing about what to do next');
    });
    await resumes(bench, check, 'agent killed');
  },
};

const workerKilled: Scenario = {
  name: 'resumes after its worker was killed',
  checks: [
    'worker killed: pauses, and its agent ends',
    'worker killed: resumes in the same session',
    'worker killed: repeats no finished tool call',
    'worker killed: counts the tokens of the finished calls',
  ],
  script,
  async drive(bench, check) {
    await bench.start('Write once.txt');
    await bench.approveUntilAsked(2);
    const { lease } = await bench.task();
    assert.ok(lease !== undefined);
    process.kill(lease.pid, 'SIGKILL');
    // Commands that only read leave the task of a dead worker as it is.
    await until('it is paused', async () => {
      await bench.run.ok('doctor', '--fix');
      return (await bench.task()).status === 'paused';
    });
    await check('worker killed: pauses, and its agent ends', async () => {
      assert.equal((await bench.task()).error_code, 'Interrupted');
      assert.deepEqual(await bench.left(), []);
    });
    await resumes(bench, check, 'worker killed');
  },
};

export const resumptions: readonly Scenario[] = [agentKilled, workerKilled];
