import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Constraints } from '../../../src/core/task/schema.ts';
import { until } from '../../support/temp-folder.ts';
import { type WorkerBench, workerBench } from '../../support/worker-bench.ts';

/** Of each way; together a hundred, unless more are asked for. */
const RUNS = Number(process.env.BUDGET_RUNS ?? 20);
/** The calls with which the limit is reached. */
const CAP = 3;

interface Way {
  readonly way: string;
  readonly tool?: string;
  readonly constraints: Constraints;
  readonly code: string;
  /** What is known of the tokens and cost at the end. */
  readonly known: { readonly tokens: boolean; readonly cost: boolean };
}

const tokens: Pick<Way, 'constraints' | 'code'> = {
  constraints: { max_tokens: CAP * 100 },
  code: 'TokenLimitExceeded',
};
const minutes: Pick<Way, 'constraints' | 'code'> = {
  constraints: { max_duration_minutes: 0.01, max_tokens: 1, max_cost_usd: 0.001 },
  code: 'TimeLimitExceeded',
};
const ways: readonly Way[] = [
  { way: 'turn', ...tokens, known: { tokens: true, cost: false } },
  { way: 'session', tool: 'budgeted-session', ...tokens, known: { tokens: true, cost: false } },
  {
    way: 'cost',
    constraints: { max_cost_usd: CAP * 0.01 },
    code: 'CostLimitExceeded',
    known: { tokens: false, cost: true },
  },
  {
    way: 'turn',
    tool: 'budgeted-priced',
    constraints: { max_cost_usd: CAP * 0.01 },
    code: 'CostLimitExceeded',
    known: { tokens: true, cost: true },
  },
  { way: 'context', ...minutes, known: { tokens: false, cost: false } },
  { way: 'nothing', ...minutes, known: { tokens: false, cost: false } },
];

/** How many calls the agent began before it was stopped. */
async function callsUntilStopped(bench: WorkerBench, { way, tool, constraints, code, known }: Way, run: number) {
  const name = `${way}-${run}`;
  const title = `way: ${way} short: ${CAP} as: ${name}`;
  const { id } = await bench.run({ title, tool: tool ?? 'budgeted', constraints });
  while ((await bench.reaches(id, 'paused', 'completed_active', 'failed')).status === 'completed_active') {
    await bench.followUp(id, 'go on');
    await until('the agent has it', () =>
      bench.store.resolve(id).follow_ups.every(({ taken_at: at }) => at !== undefined),
    );
  }
  const task = bench.store.resolve(id);
  assert.equal(task.error_code, code);
  assert.equal(task.usage?.total_tokens !== undefined, known.tokens, 'tokens that nobody told are unknown');
  assert.equal(task.usage?.cost_usd !== undefined, known.cost, 'cost that nobody told is unknown');
  const file = join(bench.folder, `calls-${name}`);
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').length : 0;
}

describe('an agent stops within one model call after the limit', () => {
  for (const way of ways) {
    it(`when it reports spend by ${way.way}, ${RUNS} times out of ${RUNS}`, async (context) => {
      const bench = await workerBench(context, { maxParallel: 4 });
      const runs = await Promise.all(Array.from({ length: RUNS }, (_, run) => callsUntilStopped(bench, way, run)));
      assert.deepEqual(
        runs.filter((calls) => calls > CAP + 1),
        [],
      );
    });
  }
});
