import assert from 'node:assert/strict';
import { chownSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { TaskError } from '../../../src/core/errors.ts';
import { shownWithin } from '../../../src/core/task/work-path.ts';
import { workspaceSchema } from '../../../src/core/task/workspace.ts';
import { pathWithin } from '../../../src/core/text/path-within.ts';
import { doctor } from '../../../src/operations/store/doctor.ts';
import { taskDelete } from '../../../src/operations/task/delete.ts';
import { mergeTask } from '../../../src/runtime/merge/merge.ts';
import { cleanWorktrees } from '../../../src/runtime/worktrees/clean.ts';
import { listWorktrees } from '../../../src/runtime/worktrees/list.ts';
import { outsideRoot } from '../../../src/runtime/worktrees/place.ts';
import { nearestStore } from '../../../src/store/discovery.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { operationContext, type WorktreeBench, worktreeBench } from './bench.ts';

const isRoot = process.getuid?.() === 0;
const OTHER_USER = 54_321;

function fileIn(folder: string): string {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  return file;
}

function placeAt(bench: WorktreeBench, place: string | undefined): void {
  Object.assign(bench.settings, { worktrees: { place } });
}

describe('worktrees outside of the folder', () => {
  it('are in a folder of the given place, are listed, merged and removed, with an earlier setting as well', async (context) => {
    const bench = await worktreeBench(context);
    const place = tempFolder(context);
    placeAt(bench, place);
    let cwd = '';
    const task = await bench.done({ 'new.txt': 'x\n' }, { title: 'Do it' }, (folder) => {
      cwd = folder;
    });
    assert.equal(dirname(dirname(cwd)), place);
    assert.equal(basename(cwd), '1-do-it');
    assert.ok(!existsSync(join(bench.repository.folder, '.systemprompt/worktrees')));
    assert.ok(workspaceSchema.safeParse(task.workspace).success);
    assert.equal(shownWithin(bench.repository.folder, task), cwd);
    assert.equal(pathWithin(join(cwd, 'src/a.ts'), shownWithin(bench.repository.folder, task)), 'src/a.ts');

    placeAt(bench, undefined);
    assert.deepEqual(
      (await listWorktrees(bench)).map(({ folder, state }) => [folder, state]),
      [[cwd, 'unmerged']],
    );
    await mergeTask(bench, task, { form: 'merge' });
    assert.ok(existsSync(join(bench.repository.folder, 'new.txt')));
    assert.ok(!existsSync(cwd));
    assert.deepEqual(readdirSync(place), [], 'the root of a folder goes with its last worktree');
  });

  it('are found again after the repository was moved, with changes that no commit has', async (context) => {
    for (const place of [tempFolder(context), undefined]) {
      const bench = await worktreeBench(context);
      placeAt(bench, place);
      const task = await bench.done({ 'new.txt': 'x\n' });
      const [{ folder: before = '' } = {}] = await listWorktrees(bench);
      writeFileSync(join(before, 'late.txt'), 'l\n');
      await bench.store.close();
      const moved = `${tempFolder(context)}-moved`;
      renameSync(bench.repository.folder, moved);
      context.after(() => rmSync(moved, { recursive: true }));
      const store = await TaskStore.open({ folder: moved, watch: false });
      context.after(() => store.close());
      await mergeTask({ ...bench, store }, store.resolve(task.id), { form: 'merge' });
      assert.ok(existsSync(join(moved, 'new.txt')));
      assert.ok(existsSync(join(moved, 'late.txt')), 'it is not taken for a foreign folder');
      assert.deepEqual(await listWorktrees({ ...bench, store }), []);
    }
  });

  it('contain the folder from which commands work on its tasks', async (context) => {
    const bench = await worktreeBench(context);
    placeAt(bench, tempFolder(context));
    let cwd = '';
    await bench.done({ 'dir/new.txt': 'x\n' }, { title: 'Do it' }, (folder) => {
      cwd = folder;
      assert.equal(nearestStore(folder), bench.repository.folder);
      assert.equal(nearestStore(join(folder, 'dir')), bench.repository.folder);
    });
    // A `.git` file that the repository does not know could name any folder.
    const foreign = join(tempFolder(context), 'x-0123456789ab', '1-a');
    mkdirSync(foreign, { recursive: true });
    writeFileSync(join(foreign, '.git'), `gitdir: ${bench.repository.folder}/.git/worktrees/${basename(cwd)}\n`);
    assert.equal(nearestStore(foreign), undefined);
    if (!isRoot) return;
    chownSync(join(cwd, '.git'), OTHER_USER, OTHER_USER);
    assert.equal(nearestStore(cwd), undefined, 'another user made it');
  });

  it('of deleted tasks are found by doctor, and by cleaning with another setting', async (context) => {
    const bench = await worktreeBench(context);
    placeAt(bench, tempFolder(context));
    const task = await bench.done({ 'new.txt': 'x\n' });
    const [{ folder = '' } = {}] = await listWorktrees(bench);
    await taskDelete.run(operationContext(bench, false), { tasks: [task.id] });
    const { findings } = await doctor.run(
      { ...operationContext(bench), settings: { ...bench.settings, problems: [] } } as never,
      {},
    );
    assert.ok(findings.some(({ code, what }) => code === 'worktree-orphan' && what.includes(folder)));
    placeAt(bench, undefined);
    bench.repository.git('merge', '--quiet', task.workspace?.branch ?? '');
    assert.deepEqual((await cleanWorktrees(bench)).removed, [folder]);
    assert.ok(!existsSync(folder));
  });

  it('have one root per folder, by every path, below the state folder of the account by default', async (context) => {
    const [one, home] = [tempFolder(context), tempFolder(context)];
    mkdirSync(join(one, 'app'));
    mkdirSync(join(one, 'other/app'), { recursive: true });
    symlinkSync(join(one, 'app'), join(one, 'link'));
    const env = { XDG_STATE_HOME: home };
    const rootOf = (name: string): Promise<string | undefined> =>
      outsideRoot(join(one, name), { worktrees: { place: 'outside' } }, env);
    assert.equal(dirname((await rootOf('app')) ?? ''), join(home, 'systemprompt/worktrees'));
    assert.equal(await rootOf('link'), await rootOf('app'));
    assert.notEqual(await rootOf('other/app'), await rootOf('app'));
    assert.equal(await outsideRoot(one, {}, env), undefined);
  });

  it('are refused in the repository and below a link, with the reason', async (context) => {
    const reasons = {
      repository: /is in the repository/,
      link: /is a link/,
      'inside link': /is a link/,
      file: /cannot be made \(ENOTDIR/,
    };
    for (const kind of ['repository', 'link', 'inside link', 'file'] as const) {
      const bench = await worktreeBench(context);
      const elsewhere = tempFolder(context);
      if (kind === 'file') placeAt(bench, fileIn(tempFolder(context)));
      if (kind === 'repository') placeAt(bench, join(bench.repository.folder, 'build'));
      const own = join(bench.repository.folder, '.systemprompt');
      if (kind === 'inside link') mkdirSync(own);
      if (kind === 'inside link') symlinkSync(elsewhere, join(own, 'worktrees'));
      if (kind === 'link') {
        const place = tempFolder(context);
        placeAt(bench, place);
        symlinkSync(elsewhere, (await outsideRoot(bench.repository.folder, bench.settings)) ?? '');
      }
      await assert.rejects(bench.done({ 'new.txt': 'x\n' }), (error) => {
        assert.ok(TaskError.is(error, 'WorktreeUnavailable'), kind);
        assert.match(error.message, reasons[kind]);
        return true;
      });
      assert.deepEqual(readdirSync(elsewhere), [], 'nothing is written to the target');
    }
  });

  it('are refused in a folder that another user could exchange', { skip: !isRoot && 'needs root' }, async (context) => {
    const place = tempFolder(context);
    const outside = await worktreeBench(context);
    placeAt(outside, place);
    chownSync(place, OTHER_USER, OTHER_USER);
    const refused = { code: 'WorktreeUnavailable', message: /belongs to another user/ };
    await assert.rejects(outside.done({ 'new.txt': 'x\n' }), refused);
    const inside = await worktreeBench(context);
    const own = join(inside.repository.folder, '.systemprompt/worktrees');
    mkdirSync(own, { recursive: true });
    chownSync(own, OTHER_USER, OTHER_USER);
    await assert.rejects(inside.done({ 'new.txt': 'x\n' }), refused);
    // A container runs as root on the folder of a person.
    Object.assign(process.env, { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' });
    context.after(() => {
      for (const name of ['COUNT', 'KEY_0', 'VALUE_0']) delete process.env[`GIT_CONFIG_${name}`];
    });
    chownSync(inside.repository.folder, OTHER_USER, OTHER_USER);
    await inside.done({ 'new.txt': 'x\n' });
  });

  it('have a place that a task file cannot choose freely', () => {
    const none = '0'.repeat(40);
    const given = { kind: 'worktree', path: '1-a', branch: 'systemprompt/1-a', base_head: none, base_commit: none };
    const accepted = (place: string): boolean => workspaceSchema.safeParse({ ...given, place }).success;
    for (const place of ['/data/app-0123456789ab', 'C:\\state\\app-0123456789ab']) assert.ok(accepted(place), place);
    for (const place of ['/', '/etc', 'data/app-0123456789ab', '/a/../app-0123456789ab', '/app-0123456789ab/x', '']) {
      assert.ok(!accepted(place), place);
    }
  });
});
