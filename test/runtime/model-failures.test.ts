import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { rateLimitDelay } from '../../src/core/task/rate-limit.ts';
import { resumeFailed } from '../../src/core/task/start.ts';
import { workerBench } from '../support/worker-bench.ts';

describe('a run whose model fails', () => {
  it('waits for the end of a rate limit and resumes its session', async (context) => {
    const bench = await workerBench(context);
    const { id } = await bench.run({ title: 'Limited', tool: 'failing', description: 'way: limited 300' });
    const task = await bench.reaches(id, 'completed_active');
    assert.deepEqual(
      task.executions.map(({ outcome, session_id }) => [outcome, session_id]),
      [
        ['interrupted', 'failing-session'],
        [undefined, 'failing-session'],
      ],
    );
    assert.ok(task.history.some(({ to, reason }) => to === 'paused' && reason === 'rate limit'));
    assert.deepEqual([task.recoveries, task.rate_limit_until], [undefined, undefined]);
  });

  it('shows the time of the resume', async (context) => {
    const bench = await workerBench(context);
    const { id } = await bench.run({ title: 'Limited', tool: 'failing', description: 'way: limited 900000' });
    const task = await bench.reaches(id, 'paused');
    assert.ok(rateLimitDelay(task, Date.now()) > 800_000);
    assert.deepEqual([task.error_code, task.pause_reason], ['RateLimited', 'interrupted']);
  });

  it('fails if the settings do not allow the wait, and otherwise resumes in the same session', async (context) => {
    const bench = await workerBench(context, { settings: { worker: { rateLimit: 'fail' } } });
    const { id } = await bench.run({ title: 'Limited', tool: 'failing', description: 'way: limited 1' });
    const failed = await bench.reaches(id, 'failed');
    assert.match(JSON.stringify(failed.error_next?.[0]), /"task.resume"/);
    await bench.store.transact('test', (draft) => draft.patch(id, resumeFailed(draft.require(id), draft.at)));
    const task = await bench.reaches(id, 'completed_active');
    assert.equal(task.executions.at(-1)?.session_id, 'failing-session');
    assert.match(JSON.stringify(task.result), /Heard: You were interrupted/);
  });
});

describe('a run whose agent ends before it has resumed the session', () => {
  it('leaves the session to the next attempt', async (context) => {
    const bench = await workerBench(context, { settings: { worker: { rateLimit: 'fail' } } });
    const { id } = await bench.run({ title: 'Limited', tool: 'failing', description: 'way: limited 1' });
    await bench.reaches(id, 'failed');
    const resume = (): Promise<unknown> =>
      bench.store.transact('test', (draft) => draft.patch(id, resumeFailed(draft.require(id), draft.at)));
    const closed = join(bench.store.folder, 'closed');
    writeFileSync(closed, '');
    await resume();
    const failed = await bench.reaches(id, 'failed');
    assert.deepEqual([failed.error_code, failed.executions.at(-1)?.session_id], ['AgentCrashed', undefined]);
    assert.match(JSON.stringify(failed.error_next?.[0]), /"task.resume"/);
    rmSync(closed);
    await resume();
    const task = await bench.reaches(id, 'completed_active');
    assert.equal(task.executions.at(-1)?.session_id, 'failing-session');
    assert.match(JSON.stringify(task.result), /Heard: You were interrupted/);
  });
});

describe('a refused request', () => {
  it('continues in the same session with the reason, where the agent cancels its turn', async (context) => {
    const bench = await workerBench(context);
    const { id } = await bench.run({ title: 'Edit', tool: 'failing', description: 'way: refused' });
    await bench.reaches(id, 'paused');
    await bench.decide(id, false, undefined, undefined, 'Use the other folder.');
    const task = await bench.reaches(id, 'completed_active', 'cancelled', 'failed');
    assert.equal(task.status, 'completed_active');
    assert.match(JSON.stringify(task.result), /Edit files: Use the other folder\./);
    assert.equal(task.executions.length, 1);
  });
});
