import assert from 'node:assert/strict';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { root } from '../../../scripts/process.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { exportTasks } from '../../../src/operations/plan/export.ts';
import { importTasks } from '../../../src/operations/plan/import.ts';
import { type Bench, bench } from '../context.ts';

const fixtures = join(root, 'test/fixtures/import');

function put(tasks: Bench, name: string, text: string): void {
  const path = join(tasks.store.folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}

async function imported(tasks: Bench): Promise<Map<string, TaskRecord>> {
  return new Map((await tasks.store.getTasks()).map((task) => [String(task.metadata['plan_key']), task]));
}

describe('import', () => {
  it('reads tasks.json of Task Master with parts, states and references', async (context: TestContext) => {
    const tasks = await bench(context);
    const input = { path: join(fixtures, 'taskmaster-tasks.json') };
    const { format, notes, tasks: made } = await tasks.run(importTasks, input);
    assert.deepEqual([format, notes], ['task-master', []]);
    assert.deepEqual(
      made.flatMap(({ key, status }) => (status === undefined ? [] : [[key, status]])),
      [
        ['1', 'completed'],
        ['2.1', 'completed'],
        ['3', 'paused'],
        ['5', 'cancelled'],
      ],
    );
    const all = await imported(tasks);
    assert.equal(all.size, 9);
    const ids = (...keys: string[]): unknown[] => keys.map((key) => all.get(key)?.id);
    assert.deepEqual(
      [all.get('1')?.status, all.get('3.1')?.status, all.get('5')?.status],
      ['completed', 'pending', 'cancelled'],
    );
    assert.deepEqual([all.get('2')?.kind, all.get('2.2')?.labels], ['group', ['review']]);
    assert.deepEqual(all.get('2.2')?.depends_on, ids('2.1'));
    assert.deepEqual(all.get('2.3')?.depends_on, ids('2.2', '3.1'));
    assert.deepEqual(all.get('4')?.depends_on, ids('3.1'), 'a group never runs: its parts are the dependency');
    assert.deepEqual(all.get('2.1')?.acceptance_criteria, ['known flags are read', 'unknown ones are refused']);
    assert.deepEqual(all.get('2')?.metadata['imported'], {
      complexity: 7,
      recommendedSubtasks: 3,
      expansionPrompt: 'Split by command.',
    });
    assert.ok([...all.values()].every((task) => task.queued_at === undefined));
  });

  it('reads issues of beads: parents, blockers, priorities and dates', async (context: TestContext) => {
    const tasks = await bench(context);
    const { format, notes } = await tasks.run(importTasks, { path: join(fixtures, 'beads-issues.jsonl') });
    assert.equal(format, 'beads');
    assert.deepEqual(
      notes.map(({ message }) => message),
      ['shop-z9z depends on "other-123", which is not in the source.'],
    );
    const all = await imported(tasks);
    const [epic, first, second, other] = ['shop-a1b', 'shop-a1b.1', 'shop-a1b.2', 'shop-z9z'].map((key) =>
      all.get(key),
    );
    assert.deepEqual(
      [epic?.kind, epic?.priority, first?.parent_id, first?.status],
      ['group', 'high', epic?.id, 'completed'],
    );
    assert.deepEqual([second?.depends_on, second?.labels, other?.priority], [[first?.id], ['in-progress'], 'low']);
    const kept = first?.metadata['imported'] as Record<string, unknown>;
    assert.deepEqual([kept['closed_at'], kept['close_reason']], ['2026-06-13T10:00:00Z', 'Done, with tests']);
  });

  it('reads folders of Backlog.md and of Claude Code', async (context: TestContext) => {
    const tasks = await bench(context);
    cpSync(join(fixtures, 'backlog'), join(tasks.store.folder, 'backlog'), { recursive: true });
    put(
      tasks,
      'backlog/completed/back-3 - Base.md',
      '---\nid: BACK-3\ntitle: Base: the "start"\nstatus: Whatever\n---\n',
    );
    put(tasks, 'backlog/archive/tasks/back-4.md', '---\nid: BACK-4\ntitle: Old\nstatus: To Do\n---\n');
    put(tasks, 'backlog/drafts/back-5.md', '---\r\nid: BACK-5\r\ntitle: Draft\r\n---\r\n');
    const { notes } = await tasks.run(importTasks, { path: '.' });
    assert.equal(notes.length, 3, JSON.stringify(notes));
    const all = await imported(tasks);
    const price = all.get('BACK-12.1');
    assert.equal(price?.title, 'Show the price: with & without tax');
    assert.deepEqual([price?.description, price?.instructions], ['Words on what is wanted.', '1. First this.']);
    assert.deepEqual(price?.acceptance_criteria, ['The price is shown', 'The tax is shown', 'All tests pass']);
    assert.deepEqual(price?.depends_on, [all.get('BACK-3')?.id]);
    assert.deepEqual(
      ['BACK-3', 'BACK-4', 'BACK-5'].map((key) => all.get(key)?.status),
      ['completed', 'cancelled', 'paused'],
    );
    assert.equal(all.get('BACK-3')?.title, 'Base: the "start"');

    const claude = await tasks.run(importTasks, { path: join(fixtures, 'claude') });
    assert.deepEqual(
      claude.tasks.map(({ title, dependsOn }) => [title, dependsOn]),
      [
        ['Read the code', []],
        ['Change the price', ['1']],
      ],
    );
  });

  it('updates by foreign id when the file is imported again', async (context: TestContext) => {
    const tasks = await bench(context);
    const row = (id: string, title: string, status: string): string =>
      JSON.stringify({ id, title, status, dependencies: [] });
    put(tasks, '.beads/issues.jsonl', [row('a-1', 'One', 'open'), row('a-2', 'Two', 'open')].join('\n'));
    await tasks.run(importTasks, { path: '.' });
    put(
      tasks,
      '.beads/issues.jsonl',
      [row('a-1', 'One, renamed', 'closed'), row('a-3', 'Three', 'open'), 'broken'].join('\n'),
    );
    const again = await tasks.run(importTasks, { path: '.' });
    assert.deepEqual(
      again.tasks.map(({ title, change }) => `${title} ${change}`),
      ['One, renamed changed', 'Three new'],
    );
    assert.deepEqual(
      again.missing.map(({ title }) => title),
      ['Two'],
    );
    assert.deepEqual(again.notes, [{ message: 'Line 3 is no JSON object; it was skipped.' }]);
    const [one, ...others] = await tasks.store.getTasks();
    assert.deepEqual([one?.title, one?.status, others.length], ['One, renamed', 'completed', 2]);
  });

  it('reads tables, and rejects contents that are unknown, broken or without tasks', async (context: TestContext) => {
    const tasks = await bench(context);
    put(
      tasks,
      'a.csv',
      'ID;Title;Status;Tags;Depends on;Sprint\r\n1;"One; ""two""\nlines";Done;a,b;;7\r\n2;Two;;;1;\r\n',
    );
    const { tasks: made } = await tasks.run(importTasks, { path: 'a.csv' });
    const [one, two] = made.map(({ id }) => tasks.store.resolve(id ?? ''));
    assert.deepEqual([one?.title, one?.status, one?.labels], ['One; "two"', 'completed', ['a', 'b']]);
    assert.deepEqual([one?.metadata['imported'], two?.depends_on], [{ sprint: '7' }, [one?.id]]);
    const bad: Record<string, string> = {
      'b.csv': 'a,b\n1,2',
      'broken.json': '{',
      'list.json': '[1, 2]',
      'empty.json': '{ "tasks": [] }',
      'plan.json': '{ "items": [{ "title": "" }] }',
      'empty.jsonl': '',
    };
    for (const [name, text] of Object.entries(bad)) {
      put(tasks, name, text);
      await tasks.refused(importTasks, { path: name }, 'InvalidInput');
    }
    put(tasks, 'other/readme.txt', 'x');
    await tasks.refused(importTasks, { path: 'other' }, 'InvalidInput');
    await tasks.refused(importTasks, { path: 'broken.json', from: 'task-master' }, 'InvalidInput');
    assert.equal((await tasks.store.getTasks()).length, 2);
  });

  it('follows no links in a folder', async (context: TestContext) => {
    const tasks = await bench(context);
    put(tasks, 'secret.md', '---\nid: X-1\ntitle: Secret\n---\n');
    mkdirSync(join(tasks.store.folder, 'p/backlog/tasks'), { recursive: true });
    symlinkSync(join(tasks.store.folder, 'secret.md'), join(tasks.store.folder, 'p/backlog/tasks/x-1.md'));
    await tasks.refused(importTasks, { path: 'p' }, 'InvalidInput');
  });

  it('gives exported tasks back', async (context: TestContext) => {
    const tasks = await bench(context);
    await tasks.run(importTasks, { path: join(fixtures, 'taskmaster-tasks.json') });
    const { text } = await tasks.run(exportTasks, {});
    const other = await bench(context);
    put(other, 'tasks.json', text);
    await other.run(importTasks, { path: 'tasks.json', from: 'json' });
    const shape = (all: readonly TaskRecord[]): unknown[] =>
      all.map(
        ({
          title,
          description,
          status,
          priority,
          kind,
          labels,
          depends_on,
          parent_id,
          acceptance_criteria,
          metadata,
        }) => {
          const titles = (ids: readonly (string | undefined)[]): unknown[] =>
            ids.map((id) => all.find((task) => task.id === id)?.title);
          const { imported: rest } = metadata;
          return {
            title,
            description,
            status,
            priority,
            kind,
            labels,
            acceptance_criteria,
            rest,
            after: titles(depends_on),
            in: titles([parent_id]),
          };
        },
      );
    const sorted = (all: readonly TaskRecord[]): unknown[] =>
      shape([...all].sort((a, b) => a.title.localeCompare(b.title)));
    assert.deepEqual(sorted(await other.store.getTasks()), sorted(await tasks.store.getTasks()));
    await tasks.refused(exportTasks, { project: 'nobody' }, 'InvalidInput');
  });

  it('keeps phases and checks in an export, without the decider of requests', async (context: TestContext) => {
    const tasks = await bench(context);
    const workflow = [
      { agent: 'CLAUDECODE', phase: 'build', checks: ['npm test'], constraints: { allowed_tools: ['web_search'] } },
      { agent: 'CLAUDECODE', phase: 'check', model: 'opus', review: true, returns: 1, gate: true },
    ];
    const constraints = { max_tokens: 5_000, approvals: 'none' } as const;
    const made = await tasks.store.createTask({ title: 'Build', workflow, checks: ['npm run lint'], constraints });
    const { text } = await tasks.run(exportTasks, {});
    const other = await bench(context);
    put(other, 'tasks.json', text);
    await other.run(importTasks, { path: 'tasks.json' });
    const [again] = await other.store.getTasks();
    assert.deepEqual(again?.workflow, made.workflow);
    assert.deepEqual([again?.checks, again?.constraints], [['npm run lint'], { max_tokens: 5_000 }]);
  });
});

describe('import of a Kiro folder', () => {
  it('takes the criteria of the tasks from requirements.md, as plan from-spec does', async (context: TestContext) => {
    const tasks = await bench(context);
    const folder = join(tasks.store.folder, '.kiro', 'specs', 'login');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'requirements.md'),
      '# Requirements\n\n### Requirement 1\n\n#### Acceptance Criteria\n\n1. WHEN the password is wrong THE SYSTEM SHALL say so\n',
    );
    writeFileSync(join(folder, 'tasks.md'), '- [ ] 1. Check the password\n  - _Requirements: 1.1_\n');
    for (const path of ['.kiro/specs/login', '.kiro/specs/login/tasks.md']) {
      await tasks.run(importTasks, { path });
      const [task] = (await tasks.store.getTasks()).slice(-1);
      assert.match(JSON.stringify(task), /WHEN the password is wrong/, path);
    }
  });
});
