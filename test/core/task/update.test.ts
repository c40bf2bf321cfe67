import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { activeDuration, allowedTransitions, isTerminal } from '../../../src/core/task/lifecycle.ts';
import { addApproval } from '../../../src/core/task/request.ts';
import { type TaskRecord, taskRecordSchema, taskStatuses } from '../../../src/core/task/schema.ts';
import { requestStart } from '../../../src/core/task/start.ts';
import { applyUpdate, type UpdateTaskParams } from '../../../src/core/task/update.ts';
import { at, executionOf, newTask, patched, refusal, taskId } from '../fixtures.ts';

function update(task: TaskRecord, updates: UpdateTaskParams, ms = 5_000): TaskRecord {
  return patched(task, applyUpdate(task, updates, at(ms)));
}

const running = update(newTask(), { status: 'in_progress' }, 1_000);
const failed = update(running, { status: 'failed', error: 'exit 3', error_code: 'ExitCodeNonZero' }, 2_000);

test('the update of the usage example: status, start and session (F14, F16, F58)', () => {
  const task = update(newTask(), { status: 'in_progress', started_at: at(500), assigned_to: 'session-1' });
  assert.deepEqual([task.status, task.started_at, task.assigned_to], ['in_progress', at(500), 'session-1']);
  assert.equal(task.active_since, at(500));
  assert.deepEqual(task.history, [{ from: 'pending', to: 'in_progress', at: at(5_000), reason: 'start' }]);
});

describe('the duration of work by an external program follows the given times:', () => {
  const duration = (task: TaskRecord, ms = 90_000): number => activeDuration(task, Date.parse(at(ms)));
  const started = update(newTask(), { status: 'in_progress', started_at: at(1_000) }, 60_000);

  test('from the given start to now, and to the given end', () => {
    assert.equal(duration(started), 89_000);
    assert.equal(duration(update(started, { status: 'completed' }, 61_000)), 60_000);
    assert.equal(duration(update(started, { status: 'completed', completed_at: at(31_000) }, 61_000)), 30_000);
    assert.equal(duration(update(started, { started_at: at(500) }, 61_000)), 89_500);
  });

  test('also for times given at the end or later', () => {
    const times = { started_at: at(1_000), completed_at: at(11_000) };
    assert.equal(duration(update(newTask(), { status: 'completed', ...times }, 61_000)), 10_000);
    assert.equal(duration(update(update(started, { status: 'failed' }, 61_000), times, 62_000)), 10_000);
    assert.equal(duration(update(started, { status: 'completed', completed_at: at(0) }, 61_000)), 0);
  });

  test('excluding work between a failure and a new start', () => {
    const again = update(update(started, { status: 'failed' }, 61_000), { status: 'in_progress' }, 70_000);
    assert.equal(duration(again, 71_000), 61_000);
    const given = update(update(started, { status: 'failed' }, 61_000), {
      status: 'in_progress',
      started_at: at(69_000),
    });
    assert.equal(duration(given, 71_000), 62_000);
  });

  test('but a duration measured by a worker remains', () => {
    const measured = { ...started, executions: [executionOf('e1')] };
    assert.equal(update(measured, { started_at: at(0) }).active_since, started.active_since);
  });
});

test('an error as a result keeps its message and stack', () => {
  const { result } = update(running, { result: { cause: new TypeError('no user') } }) as { result: { cause: Error } };
  assert.deepEqual([result.cause.name, result.cause.message], ['TypeError', 'no user']);
  assert.match(result.cause.stack ?? '', /update\.test/);
});

test('a failure without an error gets a default message or the given reason', () => {
  assert.equal(update(running, { status: 'failed' }).error, 'The task was marked as failed without an error message.');
  assert.equal(update(running, { status: 'failed', reason: 'no access' }).error, 'no access');
});

test('an update reaches a status exactly if the table allows it, and the same status is no change', () => {
  for (const to of taskStatuses) {
    const allowed = [...allowedTransitions('in_progress'), 'in_progress'].includes(to);
    if (allowed) assert.equal(update(running, { status: to }).status, to);
    else refusal(() => update(running, { status: to }), 'IllegalTransition');
  }
  assert.deepEqual(applyUpdate(running, { status: 'in_progress' }, at(5_000)), {});
});

test('omitted fields stay, and null removes a field', () => {
  const task = newTask({ instructions: 'go', project: 'Web', assignee: 'gpt-4' });
  assert.deepEqual(Object.keys(applyUpdate(task, { priority: 'high', project: undefined }, at(1))), ['priority']);
  const bare = update(task, { instructions: null, project: null, assignee: null, parent_id: null, assigned_to: null });
  for (const key of ['instructions', 'project', 'assignee', 'parent_id', 'assigned_to']) {
    assert.equal(Object.hasOwn(bare, key), false, key);
  }
});

describe('an update follows the rules of a creation:', () => {
  test('a title is one line with at least one word within the limit', () => {
    assert.equal(update(newTask(), { title: ' a\nb\u0000c ' }).title, 'a b c');
    refusal(() => update(newTask(), { title: ' \n' }), 'InvalidInput');
    refusal(() => update(newTask(), { title: 'x'.repeat(201) }), 'TooLarge');
  });

  test('an empty description becomes the title', () => {
    assert.equal(update(newTask(), { title: 'New', description: ' ' }).description, 'New');
    assert.equal(update(newTask({ title: 'Old', description: 'text' }), { description: '' }).description, 'Old');
  });

  test('labels and dependencies are deduplicated', () => {
    const task = update(newTask(), { labels: ['ui', ' ui'], depends_on: [taskId('task_a'), taskId('task_a')] });
    assert.deepEqual([task.labels, task.depends_on], [['ui'], ['task_a']]);
  });

  test('a value over a limit is refused', () => {
    const large = 'x'.repeat(10 * 1024 * 1024);
    for (const updates of [
      { description: large },
      { instructions: large },
      { metadata: { large } },
      { result: large },
    ]) {
      refusal(() => update(newTask(), updates), 'TooLarge');
    }
  });

  test('an invalid value is refused with the name of its field', () => {
    for (const [field, updates] of [
      ['progress', { progress: 101 }],
      ['started_at', { started_at: 'yesterday' }],
      ['status', { status: 'done' }],
      ['priority', { priority: null }],
      ['result', { result: 1n }],
      ['metadata', { metadata: { big: 1n } }],
    ] as const) {
      const error = refusal(() => update(running, updates as UpdateTaskParams), 'InvalidInput');
      assert.ok(error.message.startsWith(`${field}: `), error.message);
    }
  });

  test('an update rejects read-only fields as unknown', () => {
    for (const key of [
      'id',
      'number',
      'revision',
      'created_at',
      'lease',
      'approvals',
      'history',
      'executions',
      'foo',
    ]) {
      assert.match(refusal(() => update(running, { [key]: 1 }), 'InvalidInput').message, new RegExp(key));
    }
  });
});

test('a failed task keeps an error and its code after any update (F37)', () => {
  for (const updates of [{ error: null }, { error: '' }, { error_code: null }, { error: null, error_code: '' }]) {
    const task = update(failed, updates);
    assert.deepEqual([task.error, task.error_code], ['exit 3', 'ExitCodeNonZero'], JSON.stringify(updates));
    const fails = update(running, { status: 'failed', ...updates });
    assert.ok(fails.error?.trim() && fails.error_code?.trim(), JSON.stringify(updates));
  }
  assert.equal(update(failed, { error: 'really: exit 4' }).error, 'really: exit 4');
});

test('only an ended task has an end time', () => {
  assert.match(refusal(() => update(running, { completed_at: at(9) }), 'InvalidInput').message, /^completed_at: /);
  assert.equal(update(running, { status: 'completed', completed_at: at(9) }).completed_at, at(9));
});

test('ending a task by an update closes its open requests', () => {
  const asks = patched(running, addApproval(running, { kind: 'tool', title: 'rm' }, at(1_500)));
  for (const status of ['completed', 'failed', 'cancelled'] as const) {
    assert.deepEqual(
      update(asks, { status }).approvals.map((approval) => approval.status),
      ['expired'],
    );
  }
});

test('setting an ended task to pending is a restart and asks an approved gate again', () => {
  const gated = newTask({ requiresApproval: true });
  const { approvals } = addApproval(gated, { kind: 'gate', title: 'Start' }, at(1));
  const approved = patched(gated, {
    approvals: approvals.map((approval) => ({ ...approval, status: 'approved' as const })),
  });
  const ended = update(update(approved, { status: 'in_progress' }), { status: 'cancelled' });
  const again = update(ended, { status: 'pending' });
  assert.equal(patched(again, requestStart(again, at(9_000))).status, 'paused');
});

test('the stored result is a copy', () => {
  const result = { files: ['a.js'] };
  const task = update(running, { status: 'completed', result });
  result.files.push('b.js');
  assert.deepEqual(task.result, { files: ['a.js'] });
});

test('any accepted updates leave a valid task with its invariants', () => {
  const moment = fc.integer({ min: 0, max: 100_000 }).map(at);
  const text = fc.string({ maxLength: 20 });
  const updates: fc.Arbitrary<UpdateTaskParams> = fc.record(
    {
      title: text,
      description: text,
      instructions: fc.option(text),
      project: fc.option(text),
      status: fc.constantFrom(...taskStatuses),
      pause_reason: fc.constantFrom('approval' as const, 'person' as const),
      reason: text,
      started_at: moment,
      completed_at: moment,
      assigned_to: fc.option(text),
      progress: fc.double({ min: 0, max: 100, noNaN: true }),
      error: fc.option(text),
      error_code: fc.option(text),
      result: fc.jsonValue(),
      labels: fc.array(text, { maxLength: 2 }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(updates, { maxLength: 12 }), (all) => {
      let task = newTask();
      all.forEach((given, index) => {
        let patch: ReturnType<typeof applyUpdate>;
        try {
          patch = applyUpdate(task, given, at(index * 1_000));
        } catch (error) {
          refusal(
            () => {
              throw error;
            },
            'InvalidInput',
            'IllegalTransition',
            'TooLarge',
          );
          return;
        }
        task = patched(task, patch);
        const parsed = taskRecordSchema.safeParse(task);
        assert.ok(parsed.success, parsed.error?.message);
        if (task.status === 'failed') assert.ok(task.error?.trim() && task.error_code?.trim());
        assert.equal(task.completed_at !== undefined, isTerminal(task.status));
        assert.equal(task.active_since !== undefined, task.status === 'in_progress');
        assert.equal(task.pause_reason !== undefined, task.status === 'paused');
      });
    }),
    { numRuns: 500 },
  );
});
