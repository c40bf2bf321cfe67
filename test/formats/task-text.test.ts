import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { TaskError } from '../../src/core/errors.ts';
import { readTaskText, type TaskText, writeTaskText } from '../../src/formats/task-text.ts';

const task: TaskText = {
  title: 'Fix the login test',
  priority: 'high',
  agent: 'CLAUDECODE',
  project: '',
  labels: ['api'],
  depends_on: ['3', 'Set up: database'],
  acceptance: [],
  description: 'First line\n  indented # no comment',
  instructions: '',
};

describe('the text of a task', () => {
  it('has long texts as blocks below comments', () => {
    const text = writeTaskText(task);
    assert.match(text, /^# Save and close/);
    assert.match(text, /description: \|-\n {2}First line\n {4}indented # no comment\n/);
  });

  it('parses its own output', () => {
    const line = fc
      .string({ unit: 'grapheme', maxLength: 30 })
      .map((text) => text.replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\ufeff]/gu, ' ').trim());
    const filled = line.filter((text) => text !== '');
    const lines = fc.array(line, { maxLength: 4 }).map((all) => all.join('\n').replace(/\s+$/, ''));
    fc.assert(
      fc.property(
        fc.record({
          title: filled,
          priority: fc.constantFrom('critical', 'high', 'medium', 'low'),
          agent: fc.constantFrom('SHELL', 'CODEX'),
          project: line,
          labels: fc.array(filled, { maxLength: 3 }),
          depends_on: fc.array(filled, { maxLength: 3 }),
          acceptance: fc.array(filled, { maxLength: 3 }),
          description: lines,
          instructions: lines,
        }),
        (any) => assert.deepEqual(readTaskText(writeTaskText(any as TaskText)), { ...any }),
      ),
    );
  });

  it('is nothing when only comments are left', () => {
    assert.equal(readTaskText('# Save and close\n\n'), undefined);
  });

  it('is refused with line and column, or with the wrong field', () => {
    for (const [text, message] of [
      ['title: [', /line 1|line 2/],
      ['title: A\npriority: urgent\nagent: SHELL', /priority/],
      ['title: A\npriority: low\nagent: SHELL\ntitel: B', /Unknown|unknown/],
    ] as const) {
      assert.throws(
        () => readTaskText(text),
        (error) => TaskError.is(error, 'InvalidInput') && message.test(error.message),
      );
    }
  });

  it('takes missing and empty fields as none', () => {
    const read = readTaskText('title: A\npriority: low\nagent: SHELL\nlabels:\n');
    assert.deepEqual([read?.labels, read?.description, read?.depends_on], [[], '', []]);
  });
});
