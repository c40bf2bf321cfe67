import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../../../support/temp-folder.ts';
import type { Bench } from '../bench.ts';
import type { Scenario } from '../scenario.ts';

/** Input tokens of the call that is cut off. */
const CUT_OFF = 100;

async function cancelled(bench: Bench): Promise<void> {
  const pids = await bench.left();
  assert.ok(pids.length > 0, 'no process runs before the cancellation');
  await bench.run.ok('task', 'cancel', '1');
  await bench.reaches('cancelled');
  await until('no process is left', async () => (await bench.left()).length === 0);
}

const cancelTurn: Scenario = {
  name: 'is cancelled while the model answers',
  checks: [
    'cancelled in an answer: no process is left',
    'cancelled in an answer: counts the tokens of the finished calls',
  ],
  script: [
    { tools: [{ kind: 'run', command: 'echo one' }], usage: { input: 1_000, output: 50 } },
    { text: 'Let me think about it for long.', hang: true, usage: { input: CUT_OFF, output: 10 } },
  ],
  async drive(bench, check) {
    await bench.start('Think');
    await bench.approveUntilAsked(2);
    await check('cancelled in an answer: no process is left', () => cancelled(bench));
    await check('cancelled in an answer: counts the tokens of the finished calls', async () => {
      // The spend is recorded when the worker releases the task.
      await bench.released();
      const { usage } = await bench.task();
      // Some agents record the input of the call that was cut off, too, or calls beside the conversation: they are paid for.
      const input = usage?.input_tokens ?? 0;
      assert.ok(input >= 1_000 && input <= bench.model.spent.input + CUT_OFF, JSON.stringify(usage));
      assert.equal(usage?.estimated, true, 'the spend is not marked as a lower bound');
    });
  },
};

const cancelTool: Scenario = {
  name: 'is cancelled while a command runs',
  checks: ['cancelled in a command: no process is left'],
  // Some agents refuse a plain `sleep`.
  script: [{ tools: [{ kind: 'run', command: 'node -e "setInterval(Date, 1e6)"' }] }],
  async drive(bench, check) {
    await bench.start('Wait');
    await check('cancelled in a command: no process is left', async () => {
      for (let looks = 0; !(await bench.left()).some((line) => /^\d+ \S*node -e setInterval/.test(line)); looks += 1) {
        assert.ok(looks < 100, 'the command did not start');
        await bench.run('task', 'approve', '1', '--all');
        await delay(100);
      }
      await cancelled(bench);
    });
  },
};

export const endings: readonly Scenario[] = [cancelTurn, cancelTool];
