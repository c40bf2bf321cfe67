import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  activeDuration,
  allowedTransitions,
  canTransition,
  isTerminal,
  type TransitionInput,
  transition,
} from '../../../src/core/task/lifecycle.ts';
import {
  limits,
  pauseReasons,
  type TaskRecord,
  type TaskStatus,
  taskRecordSchema,
  taskStatuses,
} from '../../../src/core/task/schema.ts';
import { at, newTask, patched, refusal } from '../fixtures.ts';

/** The table of the design, written down a second time. */
const legal: Record<TaskStatus, readonly TaskStatus[]> = {
  pending: ['in_progress', 'paused', 'completed', 'failed', 'cancelled'],
  in_progress: ['paused', 'completed_active', 'completed', 'failed', 'cancelled'],
  paused: ['pending', 'in_progress', 'completed', 'failed', 'cancelled'],
  completed_active: ['in_progress', 'completed', 'failed', 'cancelled'],
  failed: ['pending', 'in_progress', 'completed', 'cancelled'],
  cancelled: ['pending', 'paused'],
  completed: ['pending'],
};

/** What the specification calls them, and the gaps that it leaves to the design. */
const named: Readonly<Record<string, string>> = {
  'pending → in_progress': '(F27, F120)',
  'pending → failed': '(F123)',
  'pending → cancelled': '(F33, F125)',
  'in_progress → completed_active': '(F28)',
  'in_progress → completed': '(F121)',
  'in_progress → failed': '(F30, F122)',
  'in_progress → cancelled': '(F31)',
  'paused → in_progress': '(F128)',
  'paused → completed': '(F129)',
  'paused → cancelled': '(F127)',
  'completed_active → completed': '(F29)',
  'completed_active → in_progress': '(F34)',
  'completed_active → failed': '(F34)',
  'completed_active → cancelled': '(F34)',
  'failed → completed': '(F32, F124, F129)',
  'failed → cancelled': '(F126)',
  'cancelled → paused': '(F127)',
};

/** A way from a new task to each status. */
const ways: Record<TaskStatus, readonly TaskStatus[]> = {
  pending: [],
  in_progress: ['in_progress'],
  // Held before it ever ran: only then can it go back to pending.
  paused: ['paused'],
  completed_active: ['in_progress', 'completed_active'],
  completed: ['in_progress', 'completed'],
  failed: ['in_progress', 'failed'],
  cancelled: ['in_progress', 'cancelled'],
};

/** A task that came to a status by the rules, one second per step; its last step was at `at(steps * 1000)`. */
function taskIn(status: TaskStatus): TaskRecord {
  let task = patched(newTask(), { queued_at: at(0) });
  ways[status].forEach((to, index) => {
    task = go(task, to, { at: at((index + 1) * 1000), result: to === 'completed' ? 'done' : undefined });
  });
  return task;
}

function go(task: TaskRecord, to: TaskStatus, input: TransitionInput): TaskRecord {
  return patched(task, transition(task, to, input));
}

const pairs = taskStatuses.flatMap((from) => taskStatuses.map((to) => [from, to] as const));

test('the statuses are those of the specification (F21–F26, F114–F119)', () => {
  assert.deepEqual([...taskStatuses].sort(), Object.keys(legal).sort());
  assert.equal(newTask().status, 'pending');
});

describe('every status change in the table is made and dated (F15, F38)', () => {
  for (const [from, to] of pairs.filter(([from, to]) => legal[from].includes(to))) {
    test(`${from} → ${to} ${named[`${from} → ${to}`] ?? ''}`, () => {
      const before = taskIn(from);
      const after = go(before, to, { at: at(60_000), reason: 'because' });
      assert.equal(canTransition(from, to), true);
      assert.equal(after.status, to);
      assert.deepEqual(after.history.at(-1), { from, to, at: at(60_000), reason: 'because' });
      assert.equal(after.history.length, before.history.length + 1);
      assert.equal(after.completed_at, isTerminal(to) ? at(60_000) : undefined);
      assert.equal(after.active_since, to === 'in_progress' ? at(60_000) : undefined);
      assert.equal(after.pause_reason, to === 'paused' ? 'person' : undefined);
      assert.equal(after.error !== undefined && after.error_code !== undefined, to === 'failed');
      assert.ok(taskRecordSchema.safeParse(after).success);
    });
  }
});

describe('every status change outside the table', () => {
  for (const [from, to] of pairs.filter(([from, to]) => !legal[from].includes(to))) {
    test(`${from} → ${to} is refused with a command that helps`, () => {
      const task = taskIn(from);
      const error = refusal(() => transition(task, to, { at: at(60_000) }), 'IllegalTransition');
      assert.equal(canTransition(from, to), false);
      assert.deepEqual(error.details?.allowed, legal[from]);
      assert.deepEqual([error.details?.from, error.details?.to], [from, to]);
      assert.ok(error.next.length > 0 && error.next.every((step) => step.kind === 'operation'), error.message);
      assert.match(error.message, new RegExp(`^#1 is (${from} and cannot be|already ${from})`));
    });
  }
});

test('the allowed targets match the table', () => {
  for (const from of taskStatuses) assert.deepEqual(allowedTransitions(from), legal[from]);
});

test('only completed, failed and cancelled end a task', () => {
  assert.deepEqual(taskStatuses.filter(isTerminal).sort(), ['cancelled', 'completed', 'failed']);
});

test('the first start sets the start time, and a later one keeps it (F14)', () => {
  const resumed = go(go(taskIn('in_progress'), 'paused', { at: at(5_000) }), 'in_progress', { at: at(9_000) });
  assert.equal(resumed.started_at, at(1_000));
});

test('a restart resets times, outcome, session and duration of the previous run', () => {
  for (const from of ['completed', 'failed', 'cancelled'] as const) {
    const fresh = go({ ...taskIn(from), assigned_to: 'ses_1', progress: 40 }, 'pending', { at: at(60_000) });
    const gone = ['started_at', 'completed_at', 'assigned_to', 'error', 'error_code', 'result', 'progress'] as const;
    for (const key of gone) assert.equal(fresh[key], undefined, `${key} after ${from}`);
    assert.equal(fresh.active_ms, 0);
  }
});

test('a task that was paused during work cannot become pending without a restart', () => {
  const paused = go(taskIn('in_progress'), 'paused', { at: at(5_000) });
  const error = refusal(() => transition(paused, 'pending', { at: at(9_000) }), 'IllegalTransition');
  assert.deepEqual(error.details?.allowed, ['in_progress', 'completed', 'failed', 'cancelled']);
});

test('a task that is released before its first run keeps its place in the queue', () => {
  const held = go(patched(newTask(), { queued_at: at(5) }), 'paused', { at: at(10), pauseReason: 'approval' });
  assert.equal(held.queued_at, at(5));
  assert.equal(go(held, 'pending', { at: at(20) }).queued_at, at(5));
});

test('a running or ended task is not queued', () => {
  for (const to of ['in_progress', 'failed', 'cancelled'] as const) {
    assert.equal(go(patched(newTask(), { queued_at: at(5) }), to, { at: at(10) }).queued_at, undefined);
  }
});

test('a failure has an error even without a given reason (F17, F25, F37)', () => {
  for (const said of [{}, { error: '' }, { error: '  ', errorCode: '' }, { reason: '' }]) {
    const failed = go(taskIn('in_progress'), 'failed', { at: at(60_000), ...said });
    assert.notEqual((failed.error ?? '').trim(), '');
    assert.notEqual((failed.error_code ?? '').trim(), '');
  }
});

test('a failure keeps its error until the task runs again or is completed', () => {
  const failed = go(taskIn('in_progress'), 'failed', { at: at(9_000), error: 'exit 3', errorCode: 'ExitCodeNonZero' });
  assert.deepEqual([failed.error, failed.error_code], ['exit 3', 'ExitCodeNonZero']);
  for (const to of ['in_progress', 'completed', 'pending'] as const) {
    const after = go(failed, to, { at: at(10_000) });
    assert.deepEqual([after.error, after.error_code], [undefined, undefined], to);
  }
});

test('a completed task has 100 per cent progress and its result (F18, F24)', () => {
  const completed = go(taskIn('in_progress'), 'completed', { at: at(9_000), result: { files: 2 } });
  assert.deepEqual([completed.progress, completed.result], [100, { files: 2 }]);
});

test('each pause reason is stored', () => {
  for (const pauseReason of pauseReasons) {
    assert.equal(go(taskIn('in_progress'), 'paused', { at: at(9_000), pauseReason }).pause_reason, pauseReason);
  }
});

test('duration counts work, not waiting (F20)', () => {
  let task = newTask();
  for (const [to, ms] of [
    ['in_progress', 1_000],
    ['paused', 3_000],
    ['in_progress', 103_000],
    ['completed_active', 108_000],
  ] as const) {
    task = go(task, to, { at: at(ms) });
  }
  assert.equal(activeDuration(task, Date.parse(at(999_000))), 7_000);
  const again = go(task, 'in_progress', { at: at(200_000) });
  assert.equal(activeDuration(again, Date.parse(at(200_500))), 7_500);
});

test('a clock that moves backwards never makes a duration negative or shorter', () => {
  const running = go(newTask(), 'in_progress', { at: at(10_000) });
  assert.equal(activeDuration(running, Date.parse(at(0))), 0);
  assert.equal(go(running, 'paused', { at: at(0) }).active_ms, 0);
});

test('the history keeps the latest changes up to its limit', () => {
  let task = taskIn('in_progress');
  for (let i = 0; i < limits.history; i += 1) {
    task = go(task, task.status === 'paused' ? 'in_progress' : 'paused', { at: at(10_000 + i) });
  }
  assert.equal(task.history.length, limits.history);
  assert.equal(task.history.at(-1)?.at, at(10_000 + limits.history - 1));
});

test('a very long reason is truncated to the limit of a record', () => {
  const task = go(newTask(), 'cancelled', { at: at(1), reason: 'x'.repeat(5_000) });
  assert.ok(taskRecordSchema.safeParse(task).success);
});

test('any sequence of status changes preserves the invariants of a task', () => {
  const step = fc.record({
    to: fc.constantFrom(...taskStatuses),
    wait: fc.integer({ min: -1_000, max: 10_000 }),
    reason: fc.option(fc.string({ maxLength: 20 }), { nil: undefined }),
    error: fc.option(fc.string({ maxLength: 20 }), { nil: undefined }),
    errorCode: fc.option(fc.constantFrom('', 'Interrupted'), { nil: undefined }),
    result: fc.option(fc.string(), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let task = newTask();
      let now = 0;
      for (const { to, wait, ...input } of steps) {
        now += wait;
        const before = task;
        const begun = before.status === 'paused' && before.started_at !== undefined;
        if (!legal[before.status].includes(to) || (begun && to === 'pending')) {
          refusal(() => transition(before, to, { at: at(now), ...input }), 'IllegalTransition');
          continue;
        }
        const worked = activeDuration(before, Date.parse(at(now)));
        task = go(before, to, { at: at(now), ...input });
        checkInvariants(task);
        if (to === 'pending' && before.status !== 'paused') assert.equal(task.active_ms, 0);
        else assert.equal(activeDuration(task, Date.parse(at(now))), worked);
      }
    }),
  );
});

function checkInvariants(task: TaskRecord): void {
  const parsed = taskRecordSchema.safeParse(task);
  assert.ok(parsed.success, parsed.error?.message);
  if (task.status === 'failed') assert.ok(task.error?.trim() && task.error_code?.trim());
  assert.equal(task.completed_at !== undefined, isTerminal(task.status));
  assert.equal(task.active_since !== undefined, task.status === 'in_progress');
  assert.equal(task.pause_reason !== undefined, task.status === 'paused');
  assert.equal(task.history.at(-1)?.to, task.status);
  task.history.forEach((change, index) => {
    assert.equal(change.from, index === 0 ? 'pending' : task.history[index - 1]?.to);
  });
}
