import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvOf } from '../../../src/webviews/kit/csv.ts';

test('cells are quoted where necessary and never become formulas', () => {
  const rows = [
    ['agent', 'tasks'],
    ['say "hi", twice', 3],
    ['=HYPERLINK("x")', null],
    ['line\nbreak', -1.5],
  ];
  assert.equal(csvOf(rows), 'agent,tasks\r\n"say ""hi"", twice",3\r\n"\'=HYPERLINK(""x"")",\r\n"line\nbreak",-1.5\r\n');
});
