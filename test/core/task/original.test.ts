import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isTerminal } from '../../../src/core/task/lifecycle.ts';
import { logEntrySchema, logLevels, logTypes } from '../../../src/core/task/log-entry.ts';
import { fromOriginal } from '../../../src/core/task/original.ts';
import { originalTaskSchema } from '../../../src/core/task/original-schema.ts';
import { limits, newTaskRecordSchema, taskStatuses } from '../../../src/core/task/schema.ts';
import { at } from '../fixtures.ts';

const original = {
  id: '2a6f0c3e-1111-4222-8333-444455556666',
  description: 'Fix the login\nIt fails on Mondays',
  status: 'waiting',
  tool: 'CLAUDECODE',
  created_at: at(0),
  updated_at: at(9_000),
  started_at: at(1_000),
  assigned_to: 'ses_1',
  instructions: 'Run npm test',
  logs: [{ timestamp: at(2), level: 'info', type: 'system', message: 'hello' }],
};

function converted(changes: object = {}): ReturnType<typeof fromOriginal> {
  return fromOriginal(originalTaskSchema.parse({ ...original, ...changes }));
}

test('a task of the original server keeps its id, texts, times, session and log', () => {
  const { record, logs } = converted();
  assert.deepEqual(
    [record.id, record.title, record.description, record.instructions, record.tool],
    [original.id, 'Fix the login', original.description, 'Run npm test', 'CLAUDECODE'],
  );
  assert.deepEqual([record.created_at, record.updated_at, record.started_at], [at(0), at(9_000), at(1_000)]);
  assert.equal(record.assigned_to, 'ses_1');
  assert.deepEqual(logs, original.logs);
});

describe('its status', () => {
  test('becomes an open session after a turn for "waiting", and keeps the original value', () => {
    const { record } = converted();
    assert.deepEqual([record.status, record.metadata.original_status], ['completed_active', 'waiting']);
  });

  test('becomes pending if it is unknown, and keeps the original value', () => {
    const { record } = converted({ status: 'dreaming' });
    assert.deepEqual([record.status, record.metadata.original_status], ['pending', 'dreaming']);
  });

  test('always has an error if it is failed, and an end time if it ended', () => {
    for (const changes of [{ status: 'failed' }, { status: 'failed', error: '' }, { status: 'failed', error: ' ' }]) {
      const { record } = converted(changes);
      assert.ok(record.error?.trim() && record.error_code?.trim());
      assert.equal(record.completed_at, at(9_000));
    }
    assert.equal(converted({ status: 'failed', error: 'exit 3' }).record.error, 'exit 3');
    assert.equal(converted({ status: 'cancelled', completed_at: at(5) }).record.completed_at, at(5));
    const open = converted({ completed_at: at(5) }).record;
    assert.deepEqual([open.completed_at, open.metadata.original_fields], [undefined, { completed_at: at(5) }]);
  });
});

test('status changes in its log become its history', () => {
  const logs = [
    { timestamp: at(1), message: 'x', metadata: { previousStatus: 'pending', newStatus: 'in_progress' } },
    { timestamp: at(2), message: 'y', metadata: { previousStatus: 'in_progress', newStatus: 'waiting' } },
  ];
  assert.deepEqual(
    converted({ logs }).record.history.map(({ from, to }) => [from, to]),
    [
      ['pending', 'in_progress'],
      ['in_progress', 'completed_active'],
    ],
  );
});

test('a line of an unknown kind is stored in the metadata', () => {
  const { logs } = converted({
    logs: [{ timestamp: at(2), message: 'x', type: 'error', metadata: { source: 'api' } }],
  });
  assert.deepEqual(logs, [
    {
      timestamp: at(2),
      message: 'x',
      level: 'error',
      type: 'system',
      metadata: { source: 'api', original_type: 'error' },
    },
  ]);
});

test('conflicting names and unsupported values are stored in the metadata', () => {
  const { record } = converted({
    tool: 'Claude Code!',
    created_at: 'long ago, when nobody had a clock that was right',
    priority: 'urgent',
    lease: 'mine',
    number: 3,
    project: '',
    custom: { own: true },
  });
  assert.ok(newTaskRecordSchema.safeParse(record).success);
  assert.deepEqual(record.metadata.original_fields, {
    tool: 'Claude Code!',
    created_at: 'long ago, when nobody had a clock that was right',
    priority: 'urgent',
    lease: 'mine',
    number: 3,
    project: '',
  });
  assert.deepEqual((record as { custom?: unknown }).custom, { own: true });
  assert.deepEqual([record.tool, record.priority, record.lease], ['CLAUDECODE', 'medium', undefined]);
  assert.equal(Object.hasOwn(record, 'number'), false);
});

test('any file of the original becomes a valid task and log without losing a line', () => {
  const time = fc.oneof(fc.nat(1_000_000).map(at), fc.string({ maxLength: 60 }));
  const metadata = fc.record(
    {
      source: fc.jsonValue(),
      toolName: fc.jsonValue(),
      lineNumber: fc.jsonValue(),
      duration: fc.jsonValue(),
      previousStatus: fc.constantFrom(...taskStatuses, 'waiting', 'x', 3),
      newStatus: fc.constantFrom(...taskStatuses, 'waiting', 'y'),
    },
    { requiredKeys: [] },
  );
  const line = fc.record(
    {
      timestamp: time,
      message: fc.string(),
      level: fc.oneof(fc.constantFrom(...logLevels), fc.jsonValue()),
      type: fc.oneof(fc.constantFrom(...logTypes, 'error'), fc.jsonValue()),
      prefix: fc.jsonValue(),
      metadata: fc.oneof(metadata, fc.jsonValue()),
    },
    { requiredKeys: ['timestamp', 'message'] },
  );
  const file = fc.record(
    {
      id: fc.constantFrom('task_1', original.id, 'x'.repeat(64)),
      description: fc.string({ unit: 'binary', maxLength: 300 }),
      status: fc.constantFrom(...taskStatuses, 'waiting', ''),
      tool: fc.oneof(fc.constant('CLAUDECODE'), fc.string()),
      created_at: time,
      updated_at: time,
      started_at: time,
      completed_at: time,
      assigned_to: fc.oneof(fc.string(), fc.constant('x'.repeat(600))),
      error: fc.string(),
      result: fc.jsonValue(),
      logs: fc.array(line, { maxLength: 4 }),
      title: fc.jsonValue(),
      labels: fc.jsonValue(),
      progress: fc.jsonValue(),
      queued_at: fc.jsonValue(),
      pause_reason: fc.jsonValue(),
      own: fc.jsonValue(),
    },
    { requiredKeys: ['id', 'description', 'status', 'tool', 'created_at', 'updated_at', 'logs'] },
  );
  fc.assert(
    fc.property(file, (given) => {
      const { record, logs } = fromOriginal(originalTaskSchema.parse(given));
      const parsed = newTaskRecordSchema.safeParse(record);
      assert.ok(parsed.success, parsed.error?.message);
      assert.ok(record.title.length <= limits.titleChars && !/[\p{Cc}]/u.test(record.title));
      assert.equal(record.completed_at !== undefined, isTerminal(record.status));
      assert.equal(record.pause_reason !== undefined, record.status === 'paused');
      if (record.status === 'failed') assert.ok(record.error?.trim() && record.error_code?.trim());
      assert.equal(Object.hasOwn(record, 'queued_at'), false, 'nothing is started that nobody asked for');
      assert.deepEqual(
        logs.map((entry) => entry.message),
        given.logs.map((entry) => entry.message),
      );
      for (const entry of logs) assert.ok(logEntrySchema.safeParse(entry).success, JSON.stringify(entry));
    }),
    { numRuns: 500 },
  );
});

test('a task that was running has worked from its start to its last change', () => {
  assert.equal(converted({ status: 'in_progress' }).record.active_ms, 8_000);
  assert.equal(converted({ completed_at: at(4_000), status: 'completed' }).record.active_ms, 3_000);
  assert.equal(converted({ updated_at: at(0) }).record.active_ms, 0);
  assert.equal(converted({ started_at: undefined }).record.active_ms, 0);
});
