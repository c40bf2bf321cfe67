import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownLines, withPage } from '../../../src/webviews/task/log-lines.ts';
import type { LogFilter, LogLine } from '../../../src/webviews/task/protocol.ts';

const everything: LogFilter = { level: 'debug', type: '', search: '', fold: true };
const line = (text: string, fields: Partial<LogLine> = {}): LogLine => ({
  level: 'info',
  type: 'agent',
  head: true,
  text,
  ...fields,
});
const lines: readonly LogLine[] = [
  line('thinks'),
  line('Bash ls', { type: 'tool' }),
  line('a.ts', { type: 'tool', head: false }),
  line('b.ts', { type: 'tool', head: false }),
  line('careful', { level: 'warn' }),
  line('second line', { level: 'warn', head: false }),
];

const texts = (filter: Partial<LogFilter>, unfolded: number[] = []): string[] =>
  shownLines(lines, { ...everything, ...filter }, new Set(unfolded)).map(
    ({ line: { text }, folded }) => text + (folded > 0 ? ` +${folded}` : ''),
  );

test('the further lines of a tool call are folded until a person unfolds them', () => {
  assert.deepEqual(texts({}), ['thinks', 'Bash ls +2', 'careful', 'second line']);
  assert.equal(texts({}, [1]).length, 6);
  assert.equal(texts({ fold: false }).length, 6);
});

test('level and type leave only their lines', () => {
  assert.deepEqual(texts({ level: 'warn' }), ['careful', 'second line']);
  assert.deepEqual(texts({ type: 'tool' }), ['Bash ls +2']);
  assert.deepEqual(texts({ type: 'output' }), []);
});

test('a search finds folded lines, in any case', () => {
  assert.deepEqual(texts({ search: ' B.TS ' }), ['b.ts']);
  assert.deepEqual(texts({ search: 'a', level: 'warn' }), ['careful']);
});

test('a search keeps the further lines of a tool call within reach, and shows those that a person unfolded', () => {
  assert.deepEqual(texts({ search: 'bash' }), ['Bash ls +2']);
  assert.deepEqual(texts({ search: 'bash' }, [1]), ['Bash ls', 'a.ts', 'b.ts']);
  assert.deepEqual(texts({ search: 'b.ts' }, [1]), ['b.ts']);
});

test('100,000 lines are filtered while a person types', () => {
  const many = Array.from({ length: 100_000 }, (_, index) =>
    line(`line ${index}`, { type: index % 2 ? 'tool' : 'agent' }),
  );
  assert.equal(shownLines(many, { ...everything, search: 'line 99' }, new Set()).length, 1111);
});

test('a page that two searches load is added once', () => {
  const log = { lines: lines.slice(4), start: 400 };
  const page = { lines: lines.slice(0, 4), start: 0 };
  const whole = { lines, start: 0 };
  assert.deepEqual(withPage(log, 400, page), whole);
  assert.deepEqual(withPage(whole, 400, page), whole);
  assert.deepEqual(withPage(whole, null, log), log);
});
