import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createTaskSchema, type NewTaskFields, newTaskRecord } from '../../../src/core/task/create.ts';
import { isTaskId } from '../../../src/core/task/id.ts';
import { limits, newTaskRecordSchema, priorities } from '../../../src/core/task/schema.ts';
import { at, refusal, taskId } from '../fixtures.ts';

const make = (params: NewTaskFields): ReturnType<typeof newTaskRecord> => newTaskRecord(params, at(1));
/** Input of programs that know no types, and of hostile ones. */
const makeAny = (params: unknown): ReturnType<typeof newTaskRecord> => make(params as NewTaskFields);

test('the least a task needs is a description; the rest has defaults (F8–F13, F21, F57)', () => {
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

test('everything that can be said about a task is kept (F131, F139–F142, F144, F146, F154, F155, F160, F161)', () => {
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

test('approval is asked for with or without saying who decides (F147, F148)', () => {
  assert.deepEqual(make({ title: 'x', requiresApproval: true }).approval, { required: true });
  assert.equal(make({ title: 'x', requiresApproval: false }).approval, undefined);
  refusal(() => make({ title: 'x', approver: '  ' }), 'InvalidInput');
});

describe('a title', () => {
  test('is the first line of the description if none is given; the description is the title if there is none', () => {
    assert.equal(make({ description: '\n\n  Fix it  \r\nand more' }).title, 'Fix it');
    assert.equal(make({ description: '\u0000\u0007\n  Fix it' }).title, 'Fix it');
    assert.equal(make({ title: 'Fix it' }).description, 'Fix it');
    assert.equal(make({ title: 'Fix it', description: ' \n ' }).description, 'Fix it');
  });

  test('is one line without control characters', () => {
    assert.equal(make({ title: 'a\tb\nc\u0000d\u001b[31m\u2028e\u0085f' }).title, 'a b c d [31m e f');
  });

  test('needs a word', () => {
    for (const params of [{}, { title: '' }, { title: ' \n\t' }, { description: '  ' }, { title: '\u0000\u0007' }]) {
      assert.match(JSON.stringify(refusal(() => make(params), 'InvalidInput').next), /Describe the work/);
    }
  });

  test('that is too long is refused; the first line of a long description is cut', () => {
    assert.equal(make({ title: 'x'.repeat(limits.titleChars) }).title.length, limits.titleChars);
    const error = refusal(() => make({ title: 'x'.repeat(limits.titleChars + 1) }), 'TooLarge');
    assert.match(error.message, /201 characters; 200 are allowed/);
    const cut = make({ description: 'x'.repeat(500) }).title;
    assert.equal(cut.length, limits.titleChars);
    assert.ok(cut.endsWith('…'));
  });

  test('is never cut in the middle of a character', () => {
    const cut = make({ description: `${'x'.repeat(limits.titleChars - 2)}${'😀'.repeat(50)}` }).title;
    assert.ok(cut.isWellFormed());
    assert.ok(cut.length <= limits.titleChars);
  });
});

describe('what is too large is refused with a way out:', () => {
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

describe('what is wrong is refused, and the field is named:', () => {
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

test('what is kept is a copy: the caller can go on with its own objects', () => {
  const metadata = { list: [1], when: new Date(0), gone: undefined };
  const task = make({ title: 'x', metadata });
  metadata.list.push(2);
  assert.deepEqual(task.metadata, { list: [1], when: '1970-01-01T00:00:00.000Z' });
});

test('every new id is one, and another one', () => {
  const ids = Array.from({ length: 1_000 }, () => make({ title: 'x' }).id);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.every(isTaskId));
});

test('whatever is accepted can be kept, and comes back from JSON as it was', () => {
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
