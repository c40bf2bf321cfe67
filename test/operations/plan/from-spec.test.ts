import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { sourceOf } from '../../../src/core/plan/match.ts';
import { planFromSpec } from '../../../src/operations/plan/from-spec.ts';
import { until } from '../../support/temp-folder.ts';
import { bench } from '../context.ts';

describe('plan.from-spec', () => {
  it('creates the groups and tasks of a file with their source', async (context: TestContext) => {
    const tasks = await bench(context);
    mkdirSync(join(tasks.store.folder, 'specs/001-price'), { recursive: true });
    writeFileSync(
      join(tasks.store.folder, 'specs/001-price/tasks.md'),
      '# Tasks: Price\n\n## Phase 1: Setup\n\n- [x] T001 Folders\n- [ ] T002 Linter\n',
    );
    const { tasks: made } = await tasks.run(planFromSpec, { file: 'specs/001-price/tasks.md' });
    const [phase, first, second] = made.map(({ id }) => tasks.store.resolve(id ?? ''));
    assert.deepEqual(
      [phase?.kind, phase?.project, first?.parent_id, first?.status],
      ['group', 'Price', phase?.id, 'completed'],
    );
    assert.deepEqual(second?.depends_on, [first?.id]);
    const { applied = {}, ...place } = (second && sourceOf(second)) ?? {};
    assert.deepEqual(Object.keys(applied), ['title', 'description', 'dependsOn']);
    assert.deepEqual(place, {
      tool: 'spec-kit',
      file: 'specs/001-price/tasks.md',
      id: 'T002',
      line: 6,
      text: 'T002 Linter',
    });
  });

  it('reads UTF-16, and reports a file that is missing, binary, too large, a folder or a pipe', async (context) => {
    const tasks = await bench(context);
    const path = (name: string): string => join(tasks.store.folder, name);
    writeFileSync(path('utf16.md'), Buffer.from('\ufeff- [ ] Grüße\r\n', 'utf16le'));
    const preview = await tasks.run(planFromSpec, { file: 'utf16.md', dryRun: true });
    assert.deepEqual([preview.applied, preview.tasks[0]?.title], [false, 'Grüße']);
    writeFileSync(path('binary.md'), Buffer.from([0x2d, 0x20, 0, 1, 2]));
    writeFileSync(path('large.md'), Buffer.alloc(50_000_000, '- [ ] a\n'));
    mkdirSync(path('folder.md'));
    execFileSync('mkfifo', [path('pipe.md')]);
    for (const file of ['missing.md', 'binary.md', 'folder.md', 'pipe.md']) {
      await tasks.refused(planFromSpec, { file }, 'InvalidInput');
    }
    const { message } = await tasks.refused(planFromSpec, { file: 'large.md' }, 'TooLarge');
    assert.equal(message, 'large.md has 50 MB; the limit is 20 MB.');
    assert.equal((await tasks.store.getTasks()).length, 0);
  });

  it('reports a dependency cycle in the preview and creates nothing with it', async (context) => {
    const tasks = await bench(context);
    writeFileSync(
      join(tasks.store.folder, 'a.md'),
      '- [ ] A (depends on B)\n- [ ] B (depends on A)\n- [ ] C (depends on X9)',
    );
    const { problems, notes } = await tasks.run(planFromSpec, { file: 'a.md', dryRun: true });
    assert.deepEqual([problems[0]?.kind, notes[0]?.message], ['cycle', 'No task is named "X9".']);
    await tasks.refused(planFromSpec, { file: 'a.md' }, 'InvalidInput');
    assert.equal((await tasks.store.getTasks()).length, 0);
  });

  it('shows the plan of the file, that of an agent and the difference, and asks the agent once', async (context) => {
    const tasks = await bench(context);
    writeFileSync(join(tasks.store.folder, 'a.md'), '- [ ] Setup\n- [ ] Build\n');
    const input = { file: 'a.md', agent: 'OPENCODE' };
    const preview = tasks.run(planFromSpec, { ...input, dryRun: true });
    const asked = () => [...tasks.store.view.all()].find(({ title }) => title === 'Refine the plan of a.md');
    await until('the agent is asked', () => asked()?.queued_at !== undefined);
    assert.deepEqual(asked()?.constraints.allowed_tools, ['file_operations:read']);
    const key = /\[([^\]]+)\] Setup/.exec(asked()?.description ?? '')?.[1];
    const changes = {
      change: [{ key, title: 'Set up the database' }],
      add: [{ key: 'new', title: 'Test', dependsOn: [key] }],
    };
    await tasks.store.transact('test.end', (draft) => {
      const message = `\`\`\`json\n${JSON.stringify(changes)}\n\`\`\``;
      draft.patch(asked()?.id ?? '', { status: 'completed', queued_at: undefined, result: { message } });
    });
    const { applied, refinement, tasks: planned } = await preview;
    assert.equal(applied, false);
    assert.deepEqual(
      [refinement?.structure.map(({ title }) => title), planned.map(({ title }) => title)],
      [
        ['Setup', 'Build'],
        ['Set up the database', 'Build', 'Test'],
      ],
    );
    assert.deepEqual(
      refinement?.differences.map(({ change, before, title }) => [change, before, title]),
      [
        ['changed', 'Setup', 'Set up the database'],
        ['added', undefined, 'Test'],
      ],
    );
    const { tasks: made } = await tasks.run(planFromSpec, input);
    assert.deepEqual(
      made.map(({ id = '' }) => [tasks.store.resolve(id).title, tasks.store.resolve(id).tool]),
      [
        ['Set up the database', 'OPENCODE'],
        ['Build', 'OPENCODE'],
        ['Test', 'OPENCODE'],
      ],
    );
    assert.equal([...tasks.store.view.all()].length, 4, 'one question and three tasks');
  });

  it('creates nothing if the agent answers in another form', async (context) => {
    const tasks = await bench(context);
    writeFileSync(join(tasks.store.folder, 'a.md'), '- [ ] Setup\n');
    const refused = tasks.refused(planFromSpec, { file: 'a.md', agent: 'OPENCODE' }, 'InvalidInput');
    await until('the agent is asked', () => [...tasks.store.view.all()].length === 1);
    await tasks.store.transact('test.end', (draft) => {
      for (const { id } of [...draft.all()])
        draft.patch(id, { status: 'completed', queued_at: undefined, result: { message: 'Looks good.' } });
    });
    assert.match((await refused).message, /proposed no changes in the required form/);
    assert.equal([...tasks.store.view.all()].length, 1);
  });
});
