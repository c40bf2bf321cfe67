import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { templateApply } from '../../../src/operations/template/apply.ts';
import { templateFromTask } from '../../../src/operations/template/from-task.ts';
import { templateList } from '../../../src/operations/template/list.ts';
import { templateNew } from '../../../src/operations/template/new.ts';
import { templateShow } from '../../../src/operations/template/show.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { type Bench, bench } from '../context.ts';

function put(tasks: Bench, name: string, text: string): void {
  const folder = join(tasks.store.folder, '.systemprompt', 'templates');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
}

describe('templates', () => {
  it('are listed with their origin, and one of the workspace replaces a built-in one', async (context: TestContext) => {
    const tasks = await bench(context);
    put(tasks, 'bug-fix.yml', 'name: Ours');
    put(tasks, 'broken.yml', 'name: [');
    const { templates } = await tasks.run(templateList, {});
    assert.deepEqual(
      templates.map(({ name, origin }) => [name, origin]),
      [
        ['broken', 'workspace'],
        ['bug-fix', 'workspace'],
        ['code-development', 'built-in'],
      ],
    );
    assert.match(templates[0]?.problem ?? '', /line 1/);
    assert.equal(templates[1]?.title, 'Ours');
  });

  it('are not read through a link or above the size limit', async (context: TestContext) => {
    const tasks = await bench(context);
    put(tasks, 'large.yml', `name: x\ndescription: "${'y'.repeat(300_000)}"`);
    const secret = join(tempFolder(context), 'secret.yml');
    writeFileSync(secret, 'name: secret');
    symlinkSync(secret, join(tasks.store.folder, '.systemprompt', 'templates', 'link.yml'));
    const { templates, problems } = await tasks.run(templateList, {});
    assert.deepEqual(
      templates.map(({ name }) => name),
      ['bug-fix', 'code-development'],
    );
    assert.equal(problems.length, 2);
  });

  it('create a group with its parts, or nothing (F189)', async (context: TestContext) => {
    const tasks = await bench(context);
    const set = ['bug_description=Login fails with a = sign'];
    const preview = await tasks.run(templateApply, { name: 'bug-fix', set, dryRun: true });
    assert.deepEqual([preview.applied, preview.tasks.length, (await tasks.store.getTasks()).length], [false, 5, 0]);
    const { tasks: made } = await tasks.run(templateApply, { name: 'bug-fix', set, agent: 'shell', project: 'Web' });
    const [root, first, second] = made.map(({ id }) => tasks.store.resolve(id ?? ''));
    assert.equal(root?.kind, 'group');
    assert.equal(root?.constraints.max_tokens, 3_000);
    assert.deepEqual(
      [first?.title, first?.tool, first?.project],
      ['Reproduce Login fails with a = sign', 'SHELL', 'Web'],
    );
    assert.equal(first?.parent_id, root?.id);
    assert.deepEqual(second?.depends_on, [first?.id]);
    assert.equal(second?.queued_at, undefined);
    await tasks.refused(templateApply, { name: 'bug-fix', set: ['nonsense'] }, 'InvalidInput');
    await tasks.refused(templateApply, { name: 'ghost' }, 'InvalidInput');
    assert.equal((await tasks.store.getTasks()).length, 5);
  });

  it('are written for editing without overwriting a file', async (context: TestContext) => {
    const tasks = await bench(context);
    const { file } = await tasks.run(templateNew, { name: 'release' });
    assert.match(readFileSync(file, 'utf8'), /^name: "release"/);
    const shown = await tasks.run(templateShow, { name: 'release' });
    assert.equal(shown.problem, undefined);
    await tasks.run(templateApply, { name: 'release', set: ['subject=1.0'] });
    await tasks.refused(templateNew, { name: 'release' }, 'InvalidInput');
    await tasks.refused(templateNew, { name: '../escape' }, 'InvalidInput');
  });

  it('can be exported from a task with its parts, and create the same tasks again', async (context: TestContext) => {
    const tasks = await bench(context);
    const set = ['bug_description={{ not an expression }} {% nor this %}'];
    const { tasks: made } = await tasks.run(templateApply, { name: 'bug-fix', set });
    const [root] = made;
    await tasks.run(templateFromTask, { task: root?.number ?? 0, name: 'again' });
    const { tasks: again } = await tasks.run(templateApply, { name: 'again' });
    assert.deepEqual(
      again.map(({ title, kind, depth }) => [title, kind, depth]),
      made.map(({ title, kind, depth }) => [title, kind, depth]),
    );
    assert.deepEqual(
      again.map(({ dependsOn }) => dependsOn.length),
      [0, 0, 1, 1, 1],
    );
  });

  it('can be exported from a task with phases, which are phases again', async (context: TestContext) => {
    const tasks = await bench(context);
    const workflow = [
      { agent: 'SHELL', phase: 'design', instructions: 'echo {{ 1 }}', constraints: { max_duration_minutes: 5 } },
      { agent: 'SHELL', phase: 'build', instructions: 'true', gate: true },
    ];
    const { id } = await tasks.store.createTask({ title: 'Phases', workflow });
    await tasks.run(templateFromTask, { task: id, name: 'phases' });
    const { tasks: made } = await tasks.run(templateApply, { name: 'phases' });
    assert.deepEqual(tasks.store.resolve(made[0]?.id ?? '').workflow, workflow);
  });
});
