import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { WorkflowStep } from '../../src/core/task/schema.ts';
import { requestStart } from '../../src/core/task/start.ts';
import { until } from '../support/temp-folder.ts';
import { type WorkerBench, workerBench } from '../support/worker-bench.ts';

const calls = (bench: WorkerBench): number =>
  readFileSync(join(bench.folder, 'calls'), 'utf8').trim().split('\n').length;

const resume = (bench: WorkerBench, id: string): Promise<unknown> =>
  bench.store.transact('resume', (draft) => draft.patch(id, requestStart(draft.require(id), draft.at)));

describe('budgets', () => {
  it('pauses a task at its cost limit, and a raised limit resumes its session (F134, F210, F212)', async (context) => {
    const bench = await workerBench(context);
    const task = await bench.run({
      title: 'way: cost 12 then waits',
      tool: 'spending',
      constraints: { max_cost_usd: 0.1 },
    });
    const paused = await bench.reaches(task.id, 'paused');
    assert.equal(paused.error_code, 'CostLimitExceeded');
    assert.equal(paused.pause_reason, 'budget');
    assert.match(paused.error ?? '', /limit was reached: \$0\.1\d* of \$0\.10\.$/);
    await until('it is let go of', () => bench.store.resolve(task.id).lease === undefined);
    const spent = calls(bench);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(calls(bench), spent, 'nothing is spent after that');
    assert.equal(bench.store.resolve(task.id).executions[0]?.outcome, 'interrupted');

    await resume(bench, task.id);
    await until('it is held back', () => bench.store.resolve(task.id).queued_at === undefined);
    assert.equal(bench.store.resolve(task.id).status, 'paused');
    assert.equal(calls(bench), spent, 'a used up limit starts nothing');

    await bench.store.updateTask(task.id, { constraints: { max_cost_usd: 10 } });
    await resume(bench, task.id);
    await bench.reaches(task.id, 'completed_active');
    assert.equal(calls(bench), spent + 1, 'the session went on; it did not start over');
  });

  it('pauses a workflow at the limit of one phase, and a raised limit resumes that phase', async (context) => {
    const bench = await workerBench(context);
    const steps = (limit: number): WorkflowStep[] => [
      { agent: 'spending', phase: 'design', description: 'way: cost 12' },
      {
        agent: 'spending',
        phase: 'build',
        description: 'way: cost 12 then waits',
        constraints: { max_cost_usd: limit },
      },
    ];
    const task = await bench.run({ title: 'x', tool: undefined, workflow: steps(0.1) });
    const paused = await bench.reaches(task.id, 'paused');
    assert.equal(paused.error_code, 'CostLimitExceeded');
    assert.match(paused.error ?? '', /^The limit of the phase "build" was reached: \$0\.1\d* of \$0\.10\.$/);
    assert.deepEqual(
      paused.executions.map(({ step, outcome }) => [step, outcome]).at(0),
      [0, 'completed'],
      'the spend of the first phase does not count',
    );
    await until('its lease is released', () => bench.store.resolve(task.id).lease === undefined);
    await bench.store.updateTask(task.id, { workflow: steps(10) });
    await resume(bench, task.id);
    await bench.reaches(task.id, 'completed_active');
    assert.equal(bench.store.resolve(task.id).executions.at(-1)?.step, 1);
  });

  it('pauses a workflow at the minutes of one phase', async (context) => {
    const bench = await workerBench(context);
    const constraints = { max_duration_minutes: 0.02 };
    const workflow = [
      { agent: 'SHELL', phase: 'design', instructions: 'sleep 1.5' },
      { agent: 'SHELL', phase: 'build', instructions: 'sleep 60', constraints },
    ];
    const task = await bench.run({ title: 'x', tool: undefined, workflow });
    const paused = await bench.reaches(task.id, 'paused');
    assert.equal(paused.error_code, 'TimeLimitExceeded');
    assert.match(paused.error ?? '', /^The limit of the phase "build" was reached: 0\.02\d* of 0\.02 minutes/);
  });

  it('pauses a task at its limit of work minutes, which exclude waiting (F135)', async (context) => {
    const bench = await workerBench(context);
    const task = await bench.run({
      title: 'long',
      instructions: 'sleep 60',
      constraints: { max_duration_minutes: 0.01 },
    });
    const paused = await bench.reaches(task.id, 'paused');
    assert.equal(paused.error_code, 'TimeLimitExceeded');
    assert.ok(paused.duration >= 600, `${paused.duration} ms`);
  });

  it('warns at 50 and 80 per cent, in the log and in the task', async (context) => {
    const bench = await workerBench(context);
    const task = await bench.run({ title: 'way: tokens 2', tool: 'spending', constraints: { max_tokens: 120 } });
    await bench.reaches(task.id, 'completed_active');
    await until('the mark is noted', () => Object.values(bench.store.resolve(task.id).budget_marks ?? {}).includes(80));
    const warnings = async (): Promise<string[]> =>
      (await bench.store.getTaskLogs(task.id)).filter((e) => e.metadata?.['source'] === 'budget').map((e) => e.message);
    await until('it is in the log', async () => (await warnings()).length > 0);
    assert.deepEqual(await warnings(), ['Budget: 100 of 120 tokens (83 %).']);
  });

  it('makes a part wait for budget that others have reserved, and starts it after the release', async (context) => {
    const bench = await workerBench(context);
    const group = await bench.store.createTask({ title: 'all', kind: 'group', constraints: { max_cost_usd: 1 } });
    const part = { tool: 'spending', parentId: group.id, constraints: { max_cost_usd: 0.6 } };
    const first = await bench.run({ title: 'way: cost 1 then waits', ...part });
    await bench.reaches(first.id, 'in_progress');
    const second = await bench.run({ title: 'way: cost 1', ...part });
    const free = await bench.run({ title: 'free', instructions: 'true' });
    await bench.reaches(free.id, 'completed');
    assert.equal(bench.store.resolve(second.id).status, 'pending', 'there is not enough left for both');
    await bench.cancel(first.id);
    await bench.reaches(second.id, 'completed_active');
  });

  it('applies the limit of the day to all tasks of a folder', async (context) => {
    const bench = await workerBench(context, { settings: { budget: { perDay: { costUsd: 0.1 } } } });
    const first = await bench.run({ title: 'way: cost 12 then waits', tool: 'spending' });
    const paused = await bench.reaches(first.id, 'paused');
    assert.equal(paused.error_code, 'CostLimitExceeded');
    assert.match(paused.error ?? '', /daily limit of this folder was reached: \$0\.1\d* of \$0\.10\.$/);
    assert.equal(paused.budget_marks?.['cost:day'], 100);
    const second = await bench.run({ title: 'way: cost 1', tool: 'spending' });
    assert.equal((await bench.reaches(second.id, 'paused')).error_code, 'CostLimitExceeded');
    assert.equal(bench.store.resolve(second.id).executions.length, 0, 'nothing is begun');
  });

  it('shares the budget of a parent among its children', async (context) => {
    const bench = await workerBench(context);
    const parent = await bench.store.createTask({ title: 'all', kind: 'group', constraints: { max_cost_usd: 0.1 } });
    const child = await bench.run({ title: 'way: cost 12 then waits', tool: 'spending', parentId: parent.id });
    const paused = await bench.reaches(child.id, 'paused');
    assert.equal(paused.error_code, 'CostLimitExceeded');
    assert.match(paused.error ?? '', /#1 "all"/);
  });

  it('treats unreported spend as unknown, not as zero, while other limits still apply', async (context) => {
    const bench = await workerBench(context);
    const task = await bench.run({
      title: 'way: nothing 400',
      tool: 'spending',
      constraints: { max_cost_usd: 0.01, max_duration_minutes: 0.02 },
    });
    const paused = await bench.reaches(task.id, 'paused');
    assert.equal(paused.error_code, 'TimeLimitExceeded');
    assert.equal(paused.usage?.cost_usd, undefined);
  });
});
