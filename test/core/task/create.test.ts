import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  cleanTitle,
  createTaskSchema,
  type NewTaskFields,
  newTaskRecord,
  titleSchema,
} from '../../../src/core/task/create.ts';
import { isTaskId } from '../../../src/core/task/id.ts';
import { limits, newTaskRecordSchema, priorities } from '../../../src/core/task/schema.ts';
import { at, refusal, taskId } from '../fixtures.ts';

const make = (params: NewTaskFields): ReturnType<typeof newTaskRecord> => newTaskRecord(params, at(1));
/** Input of programs that know no types, and of hostile ones. */
const makeAny = (params: unknown): ReturnType<typeof newTaskRecord> => make(params as NewTaskFields);

test('a task needs only a description, and other fields have defaults (F8–F13, F21, F57)', () => {
  const { id, ...task } = make({ description: 'Implement user authentication' });
  assert.match(id, /^task_[\w-]{12}$/);
  assert.deepEqual(task, {
    schema_version: 1,
    kind: 'work',
    title: 'Implement user authentication',
    description: 'Implement user authentication',
    status: 'pending',
    tool: 'CLAUDECODE',
    priority: 'medium',
    depends_on: [],
    labels: [],
    metadata: {},
    constraints: {},
    acceptance_criteria: [],
    review: 'none',
    approvals: [],
    follow_ups: [],
    executions: [],
    history: [],
    active_ms: 0,
    created_at: at(1),
    updated_at: at(1),
  });
});

test('a planned title is valid exactly if the title of a task is, and has the same form', () => {
  const stored = (title: string): string | undefined => {
    try {
      return cleanTitle(title);
    } catch {
      return;
    }
  };
  const char = fc.oneof(
    fc.constantFrom('a', '👍', ' ', '\n', '\u2028', '\u0085', '\u00a0'),
    fc.string({ maxLength: 1 }),
  );
  const samples = ['', ' \n', '!\u2028!', '👍'.repeat(limits.titleChars), 'a'.repeat(limits.titleChars + 1)];
  const titles = fc.array(char, { maxLength: 2 * limits.titleChars }).map((each) => each.join(''));
  fc.assert(
    fc.property(titles, (title) => assert.equal(titleSchema.safeParse(title).data, stored(title))),
    { examples: samples.map((each) => [each]) },
  );
});

test('every field of a task is stored (F131, F139–F142, F144, F146, F154, F155, F160, F161)', () => {
  const task = make({
    title: 'Deploy',
    description: 'To production',
    instructions: './deploy.sh',
    tool: 'SHELL',
    kind: 'work',
    assignee: 'gpt-4',
    priority: 'critical',
    project: ' Web ',
    parentId: taskId('task_parent'),
    dependsOn: [taskId('task_a'), taskId('task_b'), taskId('task_a')],
    labels: ['ui', ' ui ', 'slow'],
    metadata: { ticket: 42 },
    constraints: { max_tokens: 15_000, max_duration_minutes: 120, max_iterations: 15, allowed_tools: ['web_search'] },
    acceptanceCriteria: ['It is live'],
    review: 'required',
    approver: ' team-lead ',
  });
  assert.deepEqual(task.depends_on, ['task_a', 'task_b']);
  assert.deepEqual(task.labels, ['ui', 'slow']);
  assert.deepEqual(task.approval, { required: true, approver: 'team-lead' });
  assert.deepEqual([task.project, task.parent_id, task.assignee], ['Web', 'task_parent', 'gpt-4']);
  assert.deepEqual([task.title, task.description, task.instructions], ['Deploy', 'To production', './deploy.sh']);
  assert.deepEqual([task.priority, task.tool, task.review], ['critical', 'SHELL', 'required']);
  assert.deepEqual(task.constraints.allowed_tools, ['web_search']);
  assert.deepEqual([task.metadata, task.acceptance_criteria], [{ ticket: 42 }, ['It is live']]);
});

test('an approval can be required with or without an approver (F147, F148)', () => {
  assert.deepEqual(make({ title: 'x', requiresApproval: true }).approval, { required: true });
  assert.equal(make({ title: 'x', requiresApproval: false }).approval, undefined);
  refusal(() => make({ title: 'x', approver: '  ' }), 'InvalidInput');
});

describe('a title', () => {
  test('counts an emoji once', () => {
    const title = '😀'.repeat(limits.titleChars);
    assert.equal(make({ title }).title, title);
    refusal(() => make({ title: `${title}x` }), 'TooLarge');
  });

  test('is the first line of the description by default, and the description defaults to the title', () => {
    assert.equal(make({ description: '\n\n  Fix it  \r\nand more' }).title, 'Fix it');
    assert.equal(make({ description: '\u0000\u0007\n  Fix it' }).title, 'Fix it');
    assert.equal(make({ title: 'Fix it' }).description, 'Fix it');
    assert.equal(make({ title: 'Fix it', description: ' \n ' }).description, 'Fix it');
  });

  test('is one line without control characters', () => {
    assert.equal(make({ title: 'a\tb\nc\u0000d\u001b[31m\u2028e\u0085f' }).title, 'a b c d [31m e f');
  });

  test('needs at least one word', () => {
    for (const params of [{}, { title: '' }, { title: ' \n\t' }, { description: '  ' }, { title: '\u0000\u0007' }]) {
      assert.match(JSON.stringify(refusal(() => make(params), 'InvalidInput').next), /Describe the work/);
    }
  });

  test('is refused if it is too long, and a long first line of a description is truncated', () => {
    assert.equal(make({ title: 'x'.repeat(limits.titleChars) }).title.length, limits.titleChars);
    const error = refusal(() => make({ title: 'x'.repeat(limits.titleChars + 1) }), 'TooLarge');
    assert.match(error.message, /201 characters; 200 are allowed/);
    const cut = make({ description: 'x'.repeat(500) }).title;
    assert.equal(cut.length, limits.titleChars);
    assert.ok(cut.endsWith('…'));
  });

  test('is never truncated inside a character', () => {
    const cut = make({ description: `${'x'.repeat(limits.titleChars - 2)}${'😀'.repeat(50)}` }).title;
    assert.ok(cut.isWellFormed());
    assert.equal([...cut].length, limits.titleChars);
  });
});

describe('values over a limit are refused with a next step:', () => {
  const large = 'x'.repeat(10 * 1024 * 1024);
  for (const [what, params] of [
    ['a description of 10 MB', { description: large }],
    ['a title of 10 MB', { title: large }],
    ['instructions of 10 MB', { title: 'x', instructions: large }],
    ['a thousand labels', { title: 'x', labels: Array.from({ length: 1_000 }, (_, i) => `l${i}`) }],
    [
      'more dependencies than a task may have',
      { title: 'x', dependsOn: Array(limits.dependencies + 1).fill('task_a') },
    ],
    ['metadata of 10 MB', { title: 'x', metadata: { large } }],
  ] as const) {
    test(what, () => {
      const error = refusal(() => makeAny(params), 'TooLarge');
      assert.ok(error.message.length < 1_000, 'the message does not repeat it');
      assert.ok(error.next.length > 0);
    });
  }
});

describe('invalid values are refused with the name of the field:', () => {
  const self: Record<string, unknown> = {};
  self.self = self;
  for (const [field, params] of [
    ['description', { description: 42 }],
    ['tool', { title: 'x', tool: 'rm -rf /' }],
    ['tool', { title: 'x', tool: '' }],
    ['priority', { title: 'x', priority: 'urgent' }],
    ['kind', { title: 'x', kind: 'project' }],
    ['project', { title: 'x', project: ' ' }],
    ['parentId', { title: 'x', parentId: '../../etc/passwd' }],
    ['dependsOn.0', { title: 'x', dependsOn: ['a/b'] }],
    ['labels.1', { title: 'x', labels: ['a', ' '] }],
    ['constraints.max_tokens', { title: 'x', constraints: { max_tokens: -1 } }],
    ['constraints.max_tokens', { title: 'x', constraints: { max_tokens: 1.5 } }],
    ['constraints.max_duration_minutes', { title: 'x', constraints: { max_duration_minutes: 0 } }],
    ['metadata', { title: 'x', metadata: 'text' }],
    ['metadata', { title: 'x', metadata: { big: 1n } }],
    ['metadata', { title: 'x', metadata: self }],
    ['constraints', { title: 'x', constraints: { own: self } }],
  ] as const) {
    test(`${field} in ${Object.keys(params).join(', ')}`, () => {
      assert.ok(refusal(() => makeAny(params), 'InvalidInput').message.startsWith(`${field}: `));
    });
  }
});

test('an unknown key is refused, not ignored', () => {
  assert.match(refusal(() => makeAny({ title: 'x', priorty: 'high' }), 'InvalidInput').message, /priorty/);
  assert.match(refusal(() => makeAny({ title: 'x', id: 'task_1', status: 'completed' }), 'InvalidInput').message, /id/);
  for (const value of [undefined, null, 'x', 3, []]) refusal(() => makeAny(value), 'InvalidInput');
});

test('stored values are copies, independent of the objects of the caller', () => {
  const metadata = { list: [1], when: new Date(0), gone: undefined };
  const task = make({ title: 'x', metadata });
  metadata.list.push(2);
  assert.deepEqual(task.metadata, { list: [1], when: '1970-01-01T00:00:00.000Z' });
});

test('new ids are valid and unique', () => {
  const ids = Array.from({ length: 1_000 }, () => make({ title: 'x' }).id);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.every(isTaskId));
});

test('an accepted task can be stored and survives JSON unchanged', () => {
  const text = fc.string({ unit: 'binary', maxLength: 300 });
  const params = fc.record(
    {
      title: text,
      description: text,
      instructions: text,
      priority: fc.constantFrom(...priorities),
      project: text,
      labels: fc.array(text, { maxLength: 3 }),
      metadata: fc.dictionary(text, fc.anything({ withDate: true })),
      constraints: fc.record({ max_tokens: fc.integer(), own: fc.anything() }, { requiredKeys: [] }),
      acceptanceCriteria: fc.array(text, { maxLength: 2 }),
      requiresApproval: fc.boolean(),
      approver: text,
    },
    { requiredKeys: [] },
  );
  let accepted = 0;
  fc.assert(
    fc.property(params, (given) => {
      if (!createTaskSchema.safeParse(given).success) return;
      let task: ReturnType<typeof newTaskRecord>;
      try {
        task = make(given);
      } catch (error) {
        refusal(
          () => {
            throw error;
          },
          'InvalidInput',
          'TooLarge',
        );
        return;
      }
      accepted += 1;
      const parsed = newTaskRecordSchema.safeParse(task);
      assert.ok(parsed.success, parsed.error?.message);
      assert.deepEqual(JSON.parse(JSON.stringify(task)), task);
    }),
    { numRuns: 1_000 },
  );
  assert.ok(accepted > 100, `${accepted} were accepted`);
});
