import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { TaskError } from '../../src/core/errors.ts';
import { silentLogger } from '../../src/core/logger.ts';
import type { OperationContext } from '../../src/operations/context.ts';
import { taskUsage } from '../../src/operations/metrics/usage.ts';
import { runOperation } from '../../src/operations/operation.ts';
import { taskFollowUp } from '../../src/operations/task/follow-up.ts';
import { taskPause } from '../../src/operations/task/pause.ts';
import { taskResume } from '../../src/operations/task/resume.ts';
import { taskUpdate } from '../../src/operations/task/update.ts';
import { until } from '../support/temp-folder.ts';
import { type WorkerBench, workerBench } from '../support/worker-bench.ts';

const contextOf = ({ store, agents }: WorkerBench): OperationContext => ({
  store,
  agents,
  settings: { agents: {}, worker: {}, unconfirmed: [], problems: [] },
  confirmAgents: async () => {},
  readSettings: async () => {},
  confirmTasks: async () => {},
  requireConfirmedTasks: async () => {},
  worker: { ensure: async () => {} },
  actor: 'me',
  logger: silentLogger,
  trusted: () => true,
});

describe('pause and resume (F119, F128, F209, F212)', () => {
  it('ends the agent on pause and continues on resume', async (context) => {
    const bench = await workerBench(context);
    const operations = contextOf(bench);
    const task = await bench.run({ title: 'half', instructions: 'touch begun; test -f go || sleep 300' });
    await until('it has begun', () => existsSync(join(bench.folder, 'begun')));
    await runOperation(taskPause, operations, { tasks: ['1'] });
    await until('it is let go of', () => bench.store.resolve(task.id).lease === undefined);
    const paused = bench.store.resolve(task.id);
    assert.deepEqual([paused.status, paused.pause_reason], ['paused', 'person']);
    assert.equal(paused.executions[0]?.outcome, 'interrupted');
    await assert.rejects(runOperation(taskPause, operations, { tasks: ['1'] }), { code: 'IllegalTransition' });
    writeFileSync(join(bench.folder, 'go'), '');
    await runOperation(taskResume, operations, { tasks: ['1'] });
    await bench.reaches(task.id, 'completed');
    await assert.rejects(runOperation(taskResume, operations, { tasks: ['1'] }), { code: 'IllegalTransition' });
  });

  it('shows spend and limits, and refuses a follow-up at an exhausted limit (F170)', async (context) => {
    const bench = await workerBench(context);
    const operations = contextOf(bench);
    const task = await bench.run({ title: 'talk', tool: 'polite', constraints: { max_iterations: 1 } });
    await bench.reaches(task.id, 'completed_active');
    const usage = await runOperation(taskUsage, operations, { task: 'talk' });
    assert.equal(usage.usage.total_tokens, 110);
    assert.deepEqual(
      usage.limits.map(({ kind, limit, spent, mark }) => [kind, limit, spent, mark]),
      [['iterations', 1, 1, 100]],
    );
    await assert.rejects(
      runOperation(taskFollowUp, operations, { task: 'talk', prompt: 'more' }),
      (error) =>
        TaskError.is(error, 'IterationLimitExceeded') &&
        /"maxIterations".*Then send the follow-up again\."/.test(JSON.stringify(error.next)),
    );
  });

  it('refuses to resume at an exhausted limit until it is raised', async (context) => {
    const bench = await workerBench(context);
    const operations = contextOf(bench);
    const constraints = { max_tokens: 50 };
    const task = await bench.run({ title: 'talk', tool: 'polite', constraints });
    await bench.reaches(task.id, 'paused');
    await until('it is let go of', () => bench.store.resolve(task.id).lease === undefined);
    await assert.rejects(
      runOperation(taskResume, operations, { tasks: ['1'] }),
      (error) => TaskError.is(error, 'TokenLimitExceeded') && /"budgetTokens"/.test(JSON.stringify(error.next)),
    );
    await runOperation(taskUpdate, operations, { task: '1', budgetTokens: 5_000 });
    await runOperation(taskResume, operations, { tasks: ['1'] });
    await bench.reaches(task.id, 'completed_active');
  });
});
