import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { TaskError } from '../../../src/core/errors.ts';
import { newTaskId } from '../../../src/core/task/id.ts';
import { resolveTask, type TaskLookup } from '../../../src/core/task/reference.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { finder, newTask, refusal, taskId, taskWith } from '../fixtures.ts';

function lookup(tasks: readonly TaskRecord[]): TaskLookup {
  return {
    byId: finder(tasks),
    byNumber: (number) => tasks.find((task) => task.number === number),
    all: () => tasks,
  };
}

function candidates(error: TaskError): number[] {
  const listed = error.details?.candidates as { number: number }[] | undefined;
  return (listed ?? []).map((candidate) => candidate.number);
}

const login = taskWith({ id: taskId('task_AbCd1234efgh'), number: 7, title: 'Fix the login test' });
const docs = taskWith({ id: taskId('task_AbCdZZZZefgh'), number: 12, title: 'Write docs' });
const year = taskWith({ id: taskId('2a6f0c3e-1111-4222-8333-444455556666'), number: 13, title: '2024' });
const twins = [14, 15].map((number) => taskWith({ id: taskId(`task_twin${number}`), number, title: 'Same title' }));
const tasks = lookup([login, docs, year, ...twins]);

describe('a task reference resolves', () => {
  for (const [what, reference, expected] of [
    ['its number (F143)', '7', login],
    ['its number with a #', '#12', docs],
    ['its id', 'task_AbCdZZZZefgh', docs],
    ['its exact title (F139)', 'Write docs', docs],
    ['any of these with spaces around', '  #7 ', login],
    ['a title of digits, if there is no such number', '2024', year],
  ] as const) {
    test(what, () => assert.equal(resolveTask(reference, tasks).number, expected.number));
  }
});

describe('an unresolvable reference is refused:', () => {
  for (const reference of [
    '99',
    '#99',
    'write docs',
    'Write',
    'tas',
    '',
    '   ',
    '#',
    '-1',
    '7.0',
    '1e1',
    '__proto__',
    'task_AbCd1',
    '2a6f0c3e',
  ]) {
    test(`"${reference}"`, () => {
      const error = refusal(() => resolveTask(reference, tasks), 'TaskNotFound');
      assert.match(JSON.stringify(error.next), /number/);
    });
  }
});

test('a title of two tasks is ambiguous, and the error lists the candidates', () => {
  const error = refusal(() => resolveTask('Same title', tasks), 'AmbiguousTask');
  assert.match(JSON.stringify(error.next), /#14 Same title; #15 Same title/);
  assert.deepEqual(candidates(error), [14, 15]);
});

test('a reference that is not text is refused with a reason', () => {
  for (const [given, word] of [
    [undefined, 'undefined'],
    [null, 'null'],
    [{}, 'object'],
  ] as const) {
    const error = refusal(() => resolveTask(given as never, tasks), 'InvalidInput');
    assert.equal(error.message, `A task is named by text, not by ${word}.`);
  }
});

test('a long list of candidates is cut to the first ten', () => {
  const many = lookup(
    Array.from({ length: 50 }, (_, i) => taskWith({ id: taskId(`task_${i}`), number: i + 1, title: 'Same' })),
  );
  const error = refusal(() => resolveTask('Same', many), 'AmbiguousTask');
  assert.match(error.message, /50 tasks/);
  assert.equal(candidates(error).length, 10);
});

test('a number takes precedence over a title, and an id over both', () => {
  const named = lookup([
    taskWith({ id: taskId('5'), number: 1, title: 'one' }),
    taskWith({ id: taskId('task_x'), number: 5, title: 'five' }),
    taskWith({ id: taskId('task_y'), number: 6, title: '1' }),
  ]);
  assert.equal(resolveTask('5', named).number, 1);
  assert.equal(resolveTask('#5', named).number, 5);
  assert.equal(resolveTask('1', named).number, 1);
});

test('every task of a store resolves by its number, id and unique title', () => {
  const titles = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }), { maxLength: 10 });
  fc.assert(
    fc.property(titles, (given) => {
      const kept: TaskRecord[] = [];
      for (const title of given) {
        if (!/[^\s\p{Cc}\p{Zl}\p{Zp}]/u.test(title) || /^\s*#?\d+\s*$/.test(title)) continue;
        kept.push({ ...newTask({ title }, kept.length + 1), id: newTaskId() });
      }
      const store = lookup(kept);
      for (const task of kept) {
        assert.equal(resolveTask(String(task.number), store), task);
        assert.equal(resolveTask(`#${task.number}`, store), task);
        assert.equal(resolveTask(task.id, store), task);
        if (kept.filter((other) => other.title === task.title).length === 1) {
          assert.equal(resolveTask(task.title, store), task);
        }
      }
    }),
  );
});
