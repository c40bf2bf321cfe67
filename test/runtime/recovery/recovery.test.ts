import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { silentLogger } from '../../../src/core/logger.ts';
import { pendingApprovals } from '../../../src/core/task/approval.ts';
import { ErrorRecovery } from '../../../src/runtime/recovery/recovery.ts';
import { until } from '../../support/temp-folder.ts';
import { workerBench } from '../../support/worker-bench.ts';

const says = async (bench: Awaited<ReturnType<typeof workerBench>>, id: string, words: RegExp): Promise<void> =>
  until(`its log says ${words}`, async () =>
    (await bench.store.getTaskLogs(id)).some(({ message }) => words.test(message)),
  );

describe('recovery from errors', () => {
  it('raises a limit by half and resumes the session (F223, F224)', async (context) => {
    const bench = await workerBench(context, { settings: { recovery: { CostLimitExceeded: true } } });
    const task = await bench.run({
      title: 'way: cost 10, then waits',
      tool: 'spending',
      constraints: { max_cost_usd: 0.1 },
    });
    await bench.reaches(task.id, 'completed_active');
    const after = bench.store.resolve(task.id);
    assert.ok(Math.abs((after.constraints.max_cost_usd ?? 0) - 0.15) < 1e-9, `${after.constraints.max_cost_usd}`);
    assert.deepEqual([after.recoveries, after.executions.length], [{ CostLimitExceeded: 1 }, 2]);
    assert.equal(new Set(after.executions.map(({ session_id }) => session_id)).size, 1, 'it is one session');
    await says(bench, task.id, /^Its limit is raised by 1.5 after CostLimitExceeded\.$/);
    await says(bench, task.id, /^It runs again after CostLimitExceeded \(2 more automatic attempts\)\.$/);
  });

  it('raises a limit up to the maximum number of times', async (context) => {
    const rule = { action: 'raise_budget', factor: 2, times: 2 } as const;
    const bench = await workerBench(context, { settings: { recovery: { TimeLimitExceeded: rule } } });
    const constraints = { max_duration_minutes: 0.004 };
    const task = await bench.run({ title: 'long', instructions: 'sleep 60', constraints });
    await until('it has been helped twice, and stands still', () => {
      const { recoveries, status, lease, queued_at } = bench.store.resolve(task.id);
      const helped = recoveries?.['TimeLimitExceeded'] === 2;
      return helped && status === 'paused' && lease === undefined && queued_at === undefined;
    });
    const after = bench.store.resolve(task.id);
    assert.equal(after.error_code, 'TimeLimitExceeded');
    assert.equal(after.constraints.max_duration_minutes, 0.016);
  });

  it('raises a limit once per stop, for any number of programs', async (context) => {
    const settings = { recovery: { CostLimitExceeded: true as const } };
    const bench = await workerBench(context, { settings });
    // Every worker of the folder, and every program with handlers, hears of the same stop.
    for (let more = 0; more < 3; more += 1) {
      const attached = ErrorRecovery.of(settings.recovery).attach(bench.store);
      context.after(() => attached.dispose());
    }
    const task = await bench.run({
      title: 'way: cost 10, then waits',
      tool: 'spending',
      constraints: { max_cost_usd: 0.1 },
    });
    await bench.reaches(task.id, 'completed_active');
    const { recoveries, constraints } = bench.store.resolve(task.id);
    assert.deepEqual(recoveries, { CostLimitExceeded: 1 });
    assert.ok(Math.abs((constraints.max_cost_usd ?? 0) - 0.15) < 1e-9, `${constraints.max_cost_usd}`);
  });

  it('does not raise the limit of a part if that of the group is exhausted', async (context) => {
    const bench = await workerBench(context, { settings: { recovery: { CostLimitExceeded: true } } });
    const whole = await bench.store.createTask({ title: 'whole', kind: 'group', constraints: { max_cost_usd: 0.1 } });
    const part = {
      title: 'way: cost 10, then waits',
      tool: 'spending',
      parentId: whole.id,
      constraints: { max_cost_usd: 0.1 },
    };
    const task = await bench.run(part);
    await until('it is paused', () => {
      const { status, lease } = bench.store.resolve(task.id);
      return status === 'paused' && lease === undefined;
    });
    // What is asked for later is answered later: by then it would have been helped.
    await bench.reaches((await bench.run({ title: 'next', instructions: 'true' })).id, 'completed');
    const after = bench.store.resolve(task.id);
    assert.deepEqual([after.constraints.max_cost_usd, after.recoveries, after.queued_at], [0.1, undefined, undefined]);
  });

  it('does not raise the limit of a task if that of the day is exhausted', async (context) => {
    const bench = await workerBench(context, {
      settings: { recovery: { CostLimitExceeded: true }, budget: { perDay: { costUsd: 0.1 } } },
    });
    const task = await bench.run({
      title: 'way: cost 10, then waits',
      tool: 'spending',
      constraints: { max_cost_usd: 0.1 },
    });
    await until('it is paused', () => {
      const { status, lease } = bench.store.resolve(task.id);
      return status === 'paused' && lease === undefined;
    });
    // What is asked for later is answered later: by then it would have been helped.
    const next = await bench.run({ title: 'next', instructions: 'true' });
    await bench.reaches(next.id, 'paused');
    const after = bench.store.resolve(task.id);
    assert.deepEqual([after.constraints.max_cost_usd, after.recoveries, after.queued_at], [0.1, undefined, undefined]);
  });

  it('restarts a crashed agent three times by default', async (context) => {
    const bench = await workerBench(context, { settings: { recovery: { AgentCrashed: true } } });
    const task = await bench.run({ title: 'crash', tool: 'crashing' });
    const delays: number[] = [];
    await until('it gave up', async () => {
      // Nobody waits here for the time between.
      const { queued_at = '', not_before } = bench.store.resolve(task.id);
      if (not_before !== undefined) {
        delays.push(Date.parse(not_before) - Date.parse(queued_at));
        await bench.store.transact('test', (draft) => draft.patch(task.id, { not_before: undefined }));
      }
      const { status, recoveries, lease } = bench.store.resolve(task.id);
      return status === 'failed' && recoveries?.['AgentCrashed'] === 3 && lease === undefined;
    });
    assert.equal(bench.store.resolve(task.id).executions.length, 4);
    assert.deepEqual(delays, [5_000, 30_000], 'the first time at once');
  });

  it('resumes the session of a crashed agent', async (context) => {
    const bench = await workerBench(context, { settings: { recovery: { AgentCrashed: true } } });
    const task = await bench.run({ title: 'crash once', tool: 'crashing-once' });
    const { executions, resume_session_id } = await bench.reaches(task.id, 'completed_active');
    assert.deepEqual(
      executions.map(({ outcome, session_id }) => [outcome, session_id]),
      [
        ['failed', 'frail'],
        [undefined, 'frail'],
      ],
    );
    assert.equal(resume_session_id, undefined);
    assert.match(readFileSync(join(bench.folder, 'crashed'), 'utf8'), /^session\/(resume|load) frail\n$/);
  });

  it('gives a new session a summary of the earlier work if the old one cannot be resumed', async (context) => {
    const bench = await workerBench(context, { settings: { recovery: { AgentCrashed: true } } });
    const task = await bench.run({ title: 'be forgetful', tool: 'crashing-once' });
    const { result } = await bench.reaches(task.id, 'completed_active');
    assert.match(JSON.stringify(result), /## What was done already.*Half a mess/);
  });

  it('asks a person after a refused tool: an approval runs the task again, a rejection fails it (F225)', async (context) => {
    const bench = await workerBench(context, { settings: { recovery: { ToolPermissionDenied: true } } });
    const use = `use ${JSON.stringify({ title: 'rm', kind: 'execute', rawInput: { command: 'rm -r x' } })}`;
    const constraints = { allowed_tools: ['web_search'] };
    const task = await bench.run({ title: 'sneaky', tool: 'tool-user', description: use, constraints });
    const asked = (): number => pendingApprovals(bench.store.resolve(task.id)).length;
    await until('a person is asked', () => asked() === 1);
    const [request] = pendingApprovals(bench.store.resolve(task.id));
    assert.equal(request?.kind, 'gate');
    assert.match(request?.title ?? '', /^Run "sneaky" again after ToolPermissionDenied: /);
    await bench.decide(task.id, true);
    await until('it is asked again', () => asked() === 1 && bench.store.resolve(task.id).executions.length === 2);
    await bench.decide(task.id, false);
    assert.equal((await bench.reaches(task.id, 'failed')).error_code, 'ApprovalRejected');
  });

  it('ignores errors that no policy names', async (context) => {
    const bench = await workerBench(context);
    const task = await bench.run({ title: 'crash', tool: 'crashing' });
    await bench.reaches(task.id, 'failed');
    await until('it is let go of', () => bench.store.resolve(task.id).lease === undefined);
    assert.deepEqual(
      [bench.store.resolve(task.id).status, bench.store.resolve(task.id).recoveries],
      ['failed', undefined],
    );
  });

  it('accepts handlers of a program, which may change the task first', async (context) => {
    const bench = await workerBench(context);
    const seen: string[] = [];
    const recovery = new ErrorRecovery().handler('ExitCodeNonZero', async (task, error) => {
      seen.push(error.code);
      if (seen.length > 1) return 'give_up';
      await bench.store.updateTask(task.id, { instructions: 'exit 4' });
      return 'retry';
    });
    const attached = recovery.attach(bench.store);
    context.after(() => attached.dispose());
    const task = await bench.run({ title: 'no', instructions: 'exit 3' });
    await until('it was helped once, and then given up', () => seen.length === 2);
    await until('it has ended', () => bench.store.resolve(task.id).lease === undefined);
    const { status, error, executions } = bench.store.resolve(task.id);
    assert.deepEqual([status, executions.length], ['failed', 2]);
    assert.match(error ?? '', /exit code 4/);
  });

  it('calls a handler once for each stop, and counts a throwing one as an attempt', async (context) => {
    const bench = await workerBench(context);
    let calls = 0;
    const errors: unknown[] = [];
    const recovery = new ErrorRecovery().handler('ExitCodeNonZero', () => {
      calls += 1;
      throw new RangeError('no idea');
    });
    const attached = recovery.attach(bench.store, { ...silentLogger, error: (...words) => void errors.push(words) });
    context.after(() => attached.dispose());
    const task = await bench.run({ title: 'no', instructions: 'exit 3' });
    await says(bench, task.id, /^The recovery handler of ExitCodeNonZero failed: no idea$/);
    await bench.store.updateTask(task.id, { labels: ['seen'] });
    await bench.store.updateTask(task.id, { labels: ['seen', 'twice'] });
    await bench.reaches((await bench.run({ title: 'next', instructions: 'true' })).id, 'completed');
    assert.deepEqual([calls, errors.length], [1, 1]);
    assert.deepEqual(bench.store.resolve(task.id).recoveries, { ExitCodeNonZero: 1 });
  });
});
