import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseInput } from '../../../src/core/task/create.ts';
import {
  compileFilter,
  momentSchema,
  statusesOf,
  type TaskFilter,
  taskFilterSchema,
} from '../../../src/core/task/filter.ts';
import { priorities, type TaskRecord, taskStatuses } from '../../../src/core/task/schema.ts';
import { anyTasks, moments, projects, sessions, tools, words } from '../arbitraries.ts';
import { at, refusal, taskId, taskWith } from '../fixtures.ts';

function chosen(tasks: readonly TaskRecord[], filter: TaskFilter): TaskRecord[] {
  return tasks.filter(compileFilter(parseInput(taskFilterSchema, filter)));
}

function matches(task: TaskRecord, filter: TaskFilter): boolean {
  return chosen([task], filter).length === 1;
}

const oneOrMany = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> => fc.oneof(item, fc.array(item, { maxLength: 3 }));

const dates = fc.oneof(
  moments,
  moments.map((moment) => moment.slice(0, 10)),
);

const anyFilter: fc.Arbitrary<TaskFilter> = fc.record(
  {
    status: oneOrMany(fc.constantFrom(...taskStatuses)),
    tool: oneOrMany(tools),
    assignedTo: sessions,
    createdAfter: dates,
    createdBefore: dates,
    search: fc.array(words, { maxLength: 2 }).map((parts) => parts.join('  ')),
    project: projects,
    label: oneOrMany(fc.constantFrom('ui', 'backend')),
    priority: oneOrMany(fc.constantFrom(...priorities)),
  },
  { requiredKeys: [] },
);

/** What the filter means, said plainly and slowly. */
function naive(task: TaskRecord, filter: TaskFilter): boolean {
  const list = (value: string | string[]): string[] => (typeof value === 'string' ? [value] : value);
  if (filter.status !== undefined && !list(filter.status).includes(task.status)) return false;
  if (filter.tool !== undefined && !list(filter.tool).includes(task.tool)) return false;
  if (filter.priority !== undefined && !list(filter.priority).includes(task.priority)) return false;
  if (filter.project !== undefined && task.project !== filter.project) return false;
  if (filter.label !== undefined && list(filter.label).every((label) => !task.labels.includes(label))) return false;
  const { assignedTo, createdAfter, createdBefore, search } = filter;
  if (assignedTo !== undefined && ![task.assignee, task.assigned_to].includes(assignedTo)) return false;
  // All times of the tests have one format, and a date sorts before the times of its day: text order is time order.
  if (createdAfter !== undefined && task.created_at < createdAfter) return false;
  if (createdBefore !== undefined && task.created_at >= midnight(createdBefore)) return false;
  // With at most 25 tasks, "#7" is a part of no other number.
  const fields = [task.title, task.description, task.instructions, task.project, ...task.labels, `#${task.number}`];
  for (const word of (search ?? '').split(' ').filter((part) => part !== '')) {
    if (!fields.some((field) => field?.toLowerCase().includes(word.toLowerCase()))) return false;
  }
  return true;
}

function midnight(date: string): string {
  return date.length === 10 ? `${date}T00:00:00.000Z` : date;
}

test('any filter selects the same tasks as a naive implementation (F84–F90)', () => {
  fc.assert(
    fc.property(anyTasks, anyFilter, (tasks, filter) => {
      assert.deepEqual(
        chosen(tasks, filter).map((task) => task.id),
        tasks.filter((task) => naive(task, filter)).map((task) => task.id),
      );
    }),
    { numRuns: 500 },
  );
});

test('an absent or empty filter selects all tasks', () => {
  assert.equal(compileFilter()(taskWith({})), true);
  assert.equal(matches(taskWith({}), {}), true);
});

test('a status filter accepts one or several statuses and matches any of them (F84, F85)', () => {
  const tasks = taskStatuses.map((status) => taskWith({ status }));
  assert.deepEqual(
    chosen(tasks, { status: 'failed' }).map((task) => task.status),
    ['failed'],
  );
  assert.deepEqual(
    chosen(tasks, { status: ['pending', 'in_progress'] }).map((task) => task.status),
    ['pending', 'in_progress'],
  );
  assert.equal(chosen(tasks, { status: [] }).length, 0);
});

test('a store can start from the statuses of a filter', () => {
  assert.equal(statusesOf({}), undefined);
  assert.deepEqual(statusesOf({ status: 'paused' }), ['paused']);
  assert.deepEqual(statusesOf({ status: ['paused', 'failed'] }), ['paused', 'failed']);
});

test('a tool filter accepts one or several tools (F86)', () => {
  assert.equal(matches(taskWith({ tool: 'SHELL' }), { tool: 'SHELL' }), true);
  assert.equal(matches(taskWith({ tool: 'SHELL' }), { tool: ['CODEX', 'SHELL'] }), true);
  assert.equal(matches(taskWith({ tool: 'SHELL' }), { tool: 'CODEX' }), false);
});

test('assignedTo matches the requested model and the session of the run (F87)', () => {
  const task = taskWith({ assignee: 'gpt-4', assigned_to: 'ses_1' });
  assert.equal(matches(task, { assignedTo: 'gpt-4' }), true);
  assert.equal(matches(task, { assignedTo: 'ses_1' }), true);
  assert.equal(matches(task, { assignedTo: 'ses_2' }), false);
});

describe('dates (F88, F89)', () => {
  const task = taskWith({ created_at: '2026-01-15T12:00:00.000Z' });

  test('a date without time is midnight UTC in every time zone', () => {
    assert.equal(matches(task, { createdAfter: '2026-01-15' }), true);
    assert.equal(matches(task, { createdAfter: '2026-01-16' }), false);
    assert.equal(matches(task, { createdBefore: '2026-01-16' }), true);
    assert.equal(matches(task, { createdBefore: '2026-01-15' }), false);
  });

  test('"after" includes the exact time, "before" excludes it', () => {
    assert.equal(matches(task, { createdAfter: task.created_at }), true);
    assert.equal(matches(task, { createdBefore: task.created_at }), false);
  });

  test('a time with an offset is converted', () => {
    assert.equal(matches(task, { createdAfter: '2026-01-15T14:00:00+02:00' }), true);
    assert.equal(matches(task, { createdAfter: '2026-01-15T14:00:01+02:00' }), false);
  });

  test('a time without an offset is UTC, not the local time of the caller', () => {
    const zone = process.env.TZ;
    process.env.TZ = 'America/Los_Angeles';
    try {
      assert.equal(matches(task, { createdAfter: '2026-01-15T12:00' }), true);
      assert.equal(matches(task, { createdAfter: '2026-01-15T12:01' }), false);
      assert.equal(matches(task, { createdBefore: '2026-01-15T12:00:00.001' }), true);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  for (const wrong of ['', 'yesterday', '15.01.2026', '2026-13-01', '2026-02-30', '2026-01-15 noon', '2026']) {
    test(`"${wrong}" is not a date and is refused with an explanation`, () => {
      const error = refusal(() => parseInput(taskFilterSchema, { createdAfter: wrong }), 'InvalidInput');
      assert.match(error.message, /^createdAfter: .*date/);
      assert.equal(momentSchema.safeParse(wrong).success, false);
    });
  }
});

describe('search (F90)', () => {
  const task = taskWith({
    number: 12,
    title: 'Fix the Login test',
    description: 'It fails on Mondays',
    instructions: 'Run npm test',
    project: 'Web',
    labels: ['ui', 'slow test'],
  });

  test('covers title, description, instructions, project and labels, ignoring case', () => {
    for (const search of ['LOGIN', 'mondays', 'npm', 'web', 'slow'])
      assert.equal(matches(task, { search }), true, search);
    assert.equal(matches(task, { search: 'Tuesdays' }), false);
  });

  test('requires every word, in any order and any field', () => {
    assert.equal(matches(task, { search: '  mondays   login ' }), true);
    assert.equal(matches(task, { search: 'mondays logout' }), false);
  });

  test('treats the query as text, not as a pattern', () => {
    assert.equal(matches(task, { search: '.*' }), false);
    assert.equal(matches(taskWith({ title: 'a.*b (c)' }), { search: '.* (c)' }), true);
  });

  test('finds a task by its number', () => {
    assert.equal(matches(task, { search: '#12' }), true);
    assert.equal(matches(task, { search: '#1' }), false);
  });

  test('without words selects everything', () => {
    assert.equal(matches(task, { search: '   ' }), true);
  });
});

test('project, parent, label and priority narrow the result too', () => {
  const task = taskWith({ project: 'Web', parent_id: taskId('task_p'), labels: ['ui'], priority: 'high' });
  const fits: TaskFilter[] = [{ project: 'Web' }, { parentId: 'task_p' }, { label: ['x', 'ui'] }, { priority: 'high' }];
  const misses: TaskFilter[] = [{ project: 'web' }, { parentId: 'task_q' }, { label: 'x' }, { priority: ['low'] }];
  for (const filter of fits) assert.equal(matches(task, filter), true, JSON.stringify(filter));
  for (const filter of misses) assert.equal(matches(task, filter), false, JSON.stringify(filter));
  assert.equal(matches(taskWith({}), { project: 'Web' }), false);
});

test('a filter with an unknown key is refused, not ignored', () => {
  assert.match(refusal(() => parseInput(taskFilterSchema, { stauts: 'failed' }), 'InvalidInput').message, /stauts/);
  refusal(() => parseInput(taskFilterSchema, { status: 'done' }), 'InvalidInput');
});

test('a task with an invalid date is in no range of dates', () => {
  const task = taskWith({ created_at: 'long ago' });
  assert.equal(matches(task, { createdAfter: at(0) }), false);
  assert.equal(matches(task, { createdBefore: at(0) }), false);
});

test('search finds every lower-case substring of any text, for all scripts and symbols', () => {
  const text = fc.string({
    unit: fc.constantFrom(...'aAiIkKsS\u0130\u0131\u017f\u212aßé.*+?()[]{}|^$\\/-'),
    maxLength: 6,
  });
  fc.assert(
    fc.property(text, text, (title, word) => {
      const task = taskWith({ title: `<${title}>`, description: '', labels: [] });
      const folded = word.toLowerCase();
      assert.equal(compileFilter({ search: word })(task), `<${title}>`.toLowerCase().includes(folded));
    }),
    { numRuns: 3_000 },
  );
});
