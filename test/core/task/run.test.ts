import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { textStep } from '../../../src/core/next-step.ts';
import type { TaskPatch } from '../../../src/core/task/lifecycle.ts';
import { delayOf, isReady } from '../../../src/core/task/ready.ts';
import { requestApproval } from '../../../src/core/task/request.ts';
import { claim, endTurn, interrupt, release, requireLease } from '../../../src/core/task/run.ts';
import { type Execution, limits, type TaskRecord, type Usage } from '../../../src/core/task/schema.ts';
import { cancel, complete, followUp, takeFollowUp } from '../../../src/core/task/session.ts';
import { patchExecution, setUsage } from '../../../src/core/task/spend.ts';
import { requestStart, restart } from '../../../src/core/task/start.ts';
import type { TurnOutcome } from '../../../src/core/task/turn.ts';
import { at, executionOf, leaseOf, newTask, nothing, patched, refusal } from '../fixtures.ts';

type Step = (task: TaskRecord) => TaskPatch;

function after(task: TaskRecord, ...steps: Step[]): TaskRecord {
  return steps.reduce((current, step) => patched(current, step(current)), task);
}

const done: TurnOutcome = { kind: 'completed', stopReason: 'end_turn', result: 'All done', end: { exitCode: 0 } };
const crash: TurnOutcome = {
  kind: 'failed',
  stopReason: 'exit',
  error: 'It ended with 3.',
  errorCode: 'ExitCodeNonZero',
  next: [textStep('See its log.')],
  end: { exitCode: 3 },
};
const killed: TurnOutcome = { kind: 'cancelled', stopReason: 'cancelled', end: { signal: 'SIGTERM' } };

const run: Step = (task) => claim(task, leaseOf('w1'), executionOf('e1'), at(1_000));
const turn =
  (outcome: TurnOutcome, keep = false, ms = 4_000): Step =>
  (task) =>
    endTurn(task, 'e1', outcome, keep, at(ms));
const releaseTask: Step = (task) => release(task, 'e1', {}, at(6_000));
const stop: Step = (task) => cancel(task, at(2_000), 'not needed');
const ask: Step = (task) => requestApproval(task, { kind: 'tool', title: 'ls', executionId: 'e1' }, at(2_000)).patch;

const queued = patched(newTask(), requestStart(newTask(), at(0)));
const running = after(queued, run);

function execution(task: TaskRecord): Execution {
  const [first] = task.executions;
  assert.ok(first);
  return first;
}

test('a claim starts the task with a new lease and execution (F27, F96)', () => {
  assert.deepEqual([running.status, running.lease?.worker, running.queued_at], ['in_progress', 'w1', undefined]);
  assert.deepEqual(running.executions, [executionOf('e1')]);
  assert.equal(running.history.at(-1)?.reason, 'started with SHELL');
  assert.equal(after({ ...queued, assigned_to: 'old session' }, run).assigned_to, undefined);
});

test('only the holder of the lease may continue', () => {
  assert.equal(requireLease(running, 'w1'), running);
  refusal(() => requireLease(running, 'w2'), 'LeaseLost');
  refusal(() => requireLease(queued, 'w1'), 'LeaseLost');
  refusal(() => requireLease(undefined, 'w1'), 'LeaseLost');
});

describe('the end of a turn', () => {
  test('completes the task with its result if it was the last turn (F24, F63)', () => {
    const task = after(running, turn(done));
    assert.deepEqual([task.status, task.result, task.completed_at], ['completed', 'All done', at(4_000)]);
    assert.deepEqual(execution(task), {
      ...executionOf('e1'),
      stop_reason: 'end_turn',
      ended_at: at(4_000),
      outcome: 'completed',
      exit_code: 0,
    });
  });

  test('keeps the session open if more prompts can follow (F23, F28)', () => {
    const task = after(running, turn(done, true));
    assert.deepEqual([task.status, task.result, task.lease?.worker], ['completed_active', 'All done', 'w1']);
    assert.equal(execution(task).ended_at, undefined);
  });

  test('fails the task with a next step on an error (F30, F55, F56)', () => {
    for (const keep of [false, true]) {
      const task = after(running, turn(crash, keep));
      assert.deepEqual([task.status, task.error, task.error_code], ['failed', 'It ended with 3.', 'ExitCodeNonZero']);
      assert.deepEqual(task.error_next, [textStep('See its log.')]);
      const { outcome, error, error_code, exit_code } = execution(task);
      assert.deepEqual([outcome, error, error_code, exit_code], ['failed', 'It ended with 3.', 'ExitCodeNonZero', 3]);
    }
  });

  test('cancels the task if the turn was cancelled (F31)', () => {
    const task = after(running, turn(killed));
    assert.deepEqual(
      [task.status, execution(task).outcome, execution(task).signal],
      ['cancelled', 'cancelled', 'SIGTERM'],
    );
  });

  test('ends the task and expires its open request', () => {
    for (const [outcome, status] of [
      [done, 'completed'],
      [crash, 'failed'],
      [killed, 'cancelled'],
    ] as const) {
      const task = after(running, ask, turn(outcome));
      assert.deepEqual([task.status, task.pause_reason, task.approvals[0]?.status], [status, undefined, 'expired']);
      assert.equal(task.active_ms, 1_000, 'waiting for the person is not work');
    }
  });

  test('clears the pause of a paused task', () => {
    const task = after(running, ask, () => ({ error: 'it waited', error_code: 'Interrupted' }), turn(done, true));
    assert.deepEqual([task.status, task.error, task.error_code], ['completed_active', undefined, undefined]);
  });

  for (const [what, end, status] of [
    ['cancelled', stop, 'cancelled'],
    ['completed', (task: TaskRecord) => complete(task, at(2_000)), 'completed'],
    [
      'restarted',
      (task: TaskRecord) => ({ ...cancel(task, at(2_000)), ...restart(after(task, stop), at(3_000)) }),
      'pending',
    ],
  ] as const) {
    for (const outcome of [done, crash, killed]) {
      test(`does not change a task that a person has ${what} in the meantime (${outcome.kind})`, () => {
        const before = after(running, end);
        const task = after(before, turn(outcome));
        assert.deepEqual([task.status, task.history], [status, before.history]);
        assert.equal(execution(task).outcome, outcome.kind);
      });
    }
  }

  for (const outcome of [done, crash, killed]) {
    test(`does not change a restarted task that waits at its gate again (${outcome.kind})`, () => {
      const gated: Step = () => ({ approval: { required: true } });
      const before = after(running, gated, stop, (task) => restart(task, at(3_000)));
      assert.equal(before.status, 'paused');
      const task = after(before, turn(outcome), releaseTask);
      assert.deepEqual([task.status, task.pause_reason, task.lease], ['paused', 'approval', undefined]);
      assert.deepEqual(
        task.approvals.map((approval) => approval.status),
        ['pending'],
      );
    });
  }
});

describe('releasing a task', () => {
  test('ends the lease and the open execution', () => {
    const task = after(
      running,
      turn(done, true),
      (t) => complete(t, at(5_000)),
      (t) => release(t, 'e1', { exitCode: 0 }, at(6_000)),
    );
    assert.equal(task.lease, undefined);
    const { ended_at, outcome, exit_code } = execution(task);
    assert.deepEqual([ended_at, outcome, exit_code], [at(6_000), 'completed', 0]);
  });

  test('does not change an ended execution', () => {
    const task = after(running, turn(crash), releaseTask);
    assert.deepEqual([execution(task).ended_at, execution(task).outcome], [at(4_000), 'failed']);
  });

  test('records the end of the execution even if the task was restarted in the meantime', () => {
    for (const [end, outcome] of [
      [stop, 'cancelled'],
      [(task: TaskRecord) => complete(task, at(2_000)), 'completed'],
    ] as const) {
      const task = after(running, end, (t) => restart(t, at(3_000)), releaseTask);
      assert.equal(execution(task).outcome, outcome);
      assert.deepEqual([task.status, task.lease], ['pending', undefined]);
    }
  });

  test('drops the prompts that it can no longer deliver', () => {
    const prompts = after(
      running,
      turn(done, true),
      (t) => followUp(t, 'one', at(5_000)),
      (t) => followUp(t, 'two', at(5_001)),
    );
    const taken = after(prompts, (t) => takeFollowUp(t, t.follow_ups[0]?.id ?? '', at(5_500)), turn(done), releaseTask);
    assert.deepEqual(
      taken.follow_ups.map((prompt) => prompt.prompt),
      ['one'],
    );
  });
});

describe('after the loss of the worker', () => {
  const die: Step = (task) => interrupt(task, at(5_000));

  test('work in progress is paused for a resume, and the execution ended', () => {
    const task = after(running, die);
    assert.deepEqual(
      [task.status, task.pause_reason, task.error_code, task.lease],
      ['paused', 'interrupted', 'Interrupted', undefined],
    );
    assert.match(task.error ?? '', /process 4711 on here/);
    assert.match(JSON.stringify(task.error_next), /task\.resume/);
    assert.deepEqual([execution(task).outcome, execution(task).error_code], ['interrupted', 'Interrupted']);
  });

  test('open requests of its agent expire', () => {
    const task = after(running, ask, die);
    assert.deepEqual([task.status, task.pause_reason, task.approvals[0]?.status], ['paused', 'interrupted', 'expired']);
  });

  test('an open session after a turn is closed, unless a person must review the result', () => {
    assert.equal(after(running, turn(done, true), die).status, 'completed');
    const reviewed = after(running, () => ({ review: 'required' }), turn(done, true), die);
    assert.deepEqual([reviewed.status, reviewed.lease], ['completed_active', undefined]);
  });

  test('an ended task only loses the lease', () => {
    for (const end of [turn(crash), turn(killed), turn(done), stop]) {
      const before = after(running, end);
      const task = after(before, die);
      assert.deepEqual([task.status, task.error, task.lease], [before.status, before.error, undefined]);
      assert.notEqual(execution(task).ended_at, undefined);
    }
  });

  test('a restarted task stays in the queue, or at its open gate', () => {
    assert.equal(after(running, stop, (task) => restart(task, at(3_000)), die).status, 'pending');
    const gated = after(
      running,
      () => ({ approval: { required: true } }),
      stop,
      (task) => restart(task, at(3_000)),
      die,
    );
    assert.deepEqual([gated.status, gated.pause_reason, gated.error], ['paused', 'approval', undefined]);
    assert.equal(gated.approvals.at(-1)?.status, 'pending');
  });

  test('a conversation resumes automatically, at most three times in a row', () => {
    const session: Step = (task) => ({
      executions: task.executions.map((one) => ({ ...one, resumable: true, session_id: 'ses_1' })),
    });
    let task = after(running, session, die);
    const delays: number[] = [];
    for (let i = 2; i <= 4; i += 1) {
      assert.equal(isReady(task, nothing), true, `after interruption ${i - 1}`);
      delays.push(delayOf(task, Date.parse(task.queued_at ?? '')));
      task = after(task, (t) => claim(t, leaseOf('w1'), executionOf(`e${i}`), at(1_000)), session, die);
    }
    assert.deepEqual(delays, [0, 5_000, 30_000]);
    assert.deepEqual([task.status, isReady(task, nothing)], ['paused', false]);
    assert.equal(delayOf({ ...task, not_before: at(9_999_999) }, Date.parse(at(0))), 0, 'a clock that was put back');
    assert.equal(
      isReady(
        after(task, (t) => requestStart(t, at(9_000))),
        nothing,
      ),
      true,
    );
  });

  test('a started script waits for a person, and a run without a session starts again', () => {
    const script: Step = (task) => ({ executions: task.executions.map((one) => ({ ...one, resumable: false })) });
    assert.equal(isReady(after(running, script, die), nothing), false);
    assert.equal(isReady(after(running, die), nothing), true);
  });

  test('the recovery is idempotent', () => {
    for (const before of [running, after(running, ask), after(running, turn(done, true))]) {
      const once = after(before, die);
      const twice = after(once, die);
      for (const key of ['status', 'pause_reason', 'error_code', 'executions', 'approvals', 'history'] as const) {
        assert.deepEqual(twice[key], once[key], key);
      }
    }
  });
});

describe('usage', () => {
  const keys = ['input_tokens', 'output_tokens', 'total_tokens', 'cost_usd', 'iterations'] as const;
  const amounts: fc.Arbitrary<Usage> = fc.record(
    Object.fromEntries([...keys, 'context_tokens'].map((key) => [key, fc.nat(1_000)])),
    { requiredKeys: [] },
  );

  test('of a task is the sum of the last reports of its executions, and unreported values stay unknown', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), amounts), { maxLength: 12 }), (reports) => {
        let task: TaskRecord = { ...newTask(), executions: ['e0', 'e1', 'e2'].map((id) => executionOf(id)) };
        for (const [index, usage] of reports) task = patched(task, setUsage(task, `e${index}`, usage));
        const last = [0, 1, 2].map((index) => reports.findLast(([i]) => i === index)?.[1]);
        for (const key of keys) {
          const known = last.map((usage) => usage?.[key]).filter((amount) => amount !== undefined);
          assert.equal(task.usage?.[key], known.length === 0 ? undefined : known.reduce((a, b) => a + b));
        }
      }),
    );
  });

  test('reports the latest context size and not a sum', () => {
    const two = { ...newTask(), executions: [executionOf('e0'), executionOf('e1')] };
    const task = after(
      two,
      (t) => setUsage(t, 'e0', { context_tokens: 900 }),
      (t) => setUsage(t, 'e1', { context_tokens: 50 }),
    );
    assert.equal(task.usage?.context_tokens, 50);
  });

  test('at the end of a turn is stored with the outcome, also for a task cancelled in the meantime', () => {
    for (const before of [running, after(running, stop)]) {
      const task = after(before, turn({ ...done, usage: { total_tokens: 12 } }));
      assert.deepEqual([execution(task).usage, task.usage], [{ total_tokens: 12 }, { total_tokens: 12 }]);
      assert.equal(execution(task).stop_reason, 'end_turn');
    }
  });
});

test('of one execution does not change the others', () => {
  const task = { ...newTask(), executions: [executionOf('e1'), executionOf('e2')] };
  assert.deepEqual(patchExecution(task, 'e2', { exit_code: 1 }), [
    executionOf('e1'),
    { ...executionOf('e2'), exit_code: 1 },
  ]);
  assert.deepEqual(patchExecution(task, 'e3', { exit_code: 1 }), task.executions);
});

test('the latest executions are kept up to their limit (F231)', () => {
  const many = Array.from({ length: limits.history }, (_, index) => executionOf(`old${index}`));
  const task = after({ ...queued, executions: many }, run);
  assert.deepEqual([task.executions.length, task.executions.at(-1)?.id], [limits.history, 'e1']);
});
