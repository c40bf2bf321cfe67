import assert from 'node:assert/strict';
import type { Step } from '../bench.ts';
import type { Scenario } from '../scenario.ts';

/**
 * Calls of the model, each with a harmless command, until something stops it. The second passes the limit. The third is as
 * long as the model is held: a limit that stops later than in it does not stop the task at all.
 */
const calls = (count: number, usage: { input: number; output: number }): Step[] =>
  Array.from({ length: count }, (_, index) => ({
    tools: [{ kind: 'run' as const, command: `echo step ${index}` }],
    usage,
    held: index === 2,
  }));

const tokens: Scenario = {
  name: 'stops at its token limit',
  checks: [
    'token limit: stops within one call of the model',
    'token limit: the stopped task names the limit',
    'token limit: raised, it resumes in the same session',
  ],
  script: [...calls(7, { input: 3_000, output: 100 }), { text: 'All done.', usage: { input: 10, output: 1 } }],
  async drive(bench, check) {
    const { run, model } = bench;
    await bench.start('Count', '--budget-tokens', '5000');
    const stopped = await bench.approveAll();
    await check('token limit: stops within one call of the model', () => {
      assert.ok(model.requests.length <= 3, `${model.requests.length} calls`);
    });
    await check('token limit: the stopped task names the limit', () => {
      assert.deepEqual([stopped.status, stopped.error_code], ['paused', 'TokenLimitExceeded']);
    });
    await check('token limit: raised, it resumes in the same session', async () => {
      await bench.released();
      model.release();
      const before = model.requests.length;
      // Some agents lose a session that is resumed for the second time.
      let done = await bench.task();
      for (const more of [500, 500_000]) {
        await bench.released();
        await run.ok('task', 'update', '1', '--budget-tokens', String((done.usage?.total_tokens ?? 0) + more));
        await run.ok('task', 'resume', '1');
        done = await bench.approveAll();
      }
      assert.equal(done.status, 'completed_active', done.error);
      assert.equal(done.executions.length, 3);
      assert.ok(model.requests.length > before);
      assert.equal(new Set(done.executions.map(({ session_id }) => session_id)).size, 1);
    });
  },
};

const cost: Scenario = {
  name: 'stops at its cost limit',
  checks: ['cost limit: stops within one call of the model'],
  script: [...calls(7, { input: 100_000, output: 100 }), { text: 'All done.', usage: { input: 10, output: 1 } }],
  async drive(bench, check) {
    await bench.start('Count', '--budget-cost', '0.15');
    const stopped = await bench.approveAll();
    await check('cost limit: stops within one call of the model', () => {
      assert.deepEqual([stopped.status, stopped.error_code], ['paused', 'CostLimitExceeded']);
      assert.ok(bench.model.requests.length <= 3, `${bench.model.requests.length} calls`);
    });
  },
};

const priced: Scenario = {
  name: 'stops at its cost limit by configured prices',
  checks: ['cost limit with configured prices: stops within one call of the model'],
  script: [...calls(7, { input: 100_000, output: 100 }), { text: 'All done.', usage: { input: 10, output: 1 } }],
  async drive(bench, check) {
    await bench.configure({ prices: { '*': { input: 1, output: 1 } } });
    await bench.start('Count', '--budget-cost', '0.15');
    const stopped = await bench.approveAll();
    await check('cost limit with configured prices: stops within one call of the model', () => {
      assert.deepEqual([stopped.status, stopped.error_code], ['paused', 'CostLimitExceeded']);
      assert.equal(stopped.usage?.cost_estimated, true);
      assert.ok(bench.model.requests.length <= 3, `${bench.model.requests.length} calls`);
    });
  },
};

const minutes: Scenario = {
  name: 'stops at its limit of minutes',
  checks: ['limit of minutes: stops in the call of the model'],
  script: [{ text: 'Let me think about it for long.', hang: true }],
  async drive(bench, check) {
    await bench.start('Think');
    await bench.approveUntilAsked(1);
    await bench.run.ok('task', 'update', '1', '--budget-minutes', '0.01');
    await check('limit of minutes: stops in the call of the model', async () => {
      const stopped = await bench.approveAll();
      assert.deepEqual([stopped.status, stopped.error_code], ['paused', 'TimeLimitExceeded']);
      assert.equal(bench.model.requests.length, 1);
    });
  },
};

const iterations: Scenario = {
  name: 'stops at its limit of iterations',
  checks: ['limit of iterations: stops before the next call of the model'],
  script: [{ text: 'One.' }, { text: 'Two.' }],
  async drive(bench, check) {
    await bench.start('Think', '--max-iterations', '1');
    await bench.reaches('completed_active');
    await check('limit of iterations: stops before the next call of the model', async () => {
      const { code, stderr } = await bench.run('task', 'follow-up', '1', 'Think again.');
      assert.notEqual(code, 0);
      assert.match(stderr, /The limit was reached: 1 of 1 iterations/);
      assert.equal(bench.model.requests.length, 1);
    });
  },
};

export const limits: readonly Scenario[] = [tokens, cost, priced, minutes, iterations];
