import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  latestEntries,
  logEntrySchema,
  logFilterWords,
  logLevels,
  logTypes,
  matchesLogFilter,
  type TaskLogEntry,
} from '../../../src/core/task/log-entry.ts';
import { at } from '../fixtures.ts';

const line: TaskLogEntry = { timestamp: at(1), level: 'info', type: 'output', message: 'hello' };

test('a line has a time, a level, a type and a message, with optional prefix and metadata (F39–F44)', () => {
  const full = { ...line, prefix: 'STDERR', metadata: { source: 'agent' } };
  assert.deepEqual(logEntrySchema.parse(full), full);
  for (const key of ['timestamp', 'level', 'type', 'message']) {
    assert.equal(logEntrySchema.safeParse({ ...line, [key]: undefined }).success, false, key);
  }
});

test('the metadata of a tool call uses the names of the specification and keeps other keys (F45–F52)', () => {
  const metadata = {
    source: 'agent',
    toolName: 'edit',
    toolInput: { path: 'a.js' },
    toolOutput: ['ok'],
    fileName: 'a.js',
    lineNumber: 3,
    duration: 12.5,
    error: { code: 1 },
    own: true,
  };
  assert.deepEqual(logEntrySchema.parse({ ...line, metadata }).metadata, metadata);
  assert.equal(logEntrySchema.safeParse({ ...line, metadata: { lineNumber: '3' } }).success, false);
});

test('levels and types match the specification', () => {
  assert.deepEqual([...logLevels], ['debug', 'info', 'warn', 'error']);
  assert.deepEqual([...logTypes], ['system', 'agent', 'tool', 'output', 'progress']);
  assert.equal(logEntrySchema.safeParse({ ...line, level: 'fatal' }).success, false);
});

test('a short view contains the latest entries without details', () => {
  const entries = [1, 2, 3, 4].map((at) => ({ ...line, message: `line ${at}` }));
  const status = { ...line, level: 'debug' } as const;
  const shown = latestEntries([...entries, status, status], 2).map(({ message }) => message);
  assert.deepEqual(shown, ['line 3', 'line 4']);
  assert.deepEqual(latestEntries([status], 2), []);
});

test('a filter word selects a type, a level, or every line about a tool (F169)', () => {
  const tool = { ...line, type: 'tool' } as const;
  const called = { ...line, metadata: { toolName: 'edit' } };
  assert.equal(matchesLogFilter(line, undefined), true);
  assert.deepEqual(
    logFilterWords.filter((word) => matchesLogFilter(line, word)),
    ['output', 'info'],
  );
  assert.deepEqual(
    [tool, called, line].map((entry) => matchesLogFilter(entry, 'tool_usage')),
    [true, true, false],
  );
});
