import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { mergeTask } from '../../../src/runtime/merge/merge.ts';
import { Worktrees } from '../../../src/runtime/run/worktrees.ts';
import { cleanWorktrees } from '../../../src/runtime/worktrees/clean.ts';
import { taskChanges } from '../../../src/runtime/worktrees/diff.ts';
import { discardTask } from '../../../src/runtime/worktrees/discard.ts';
import { fetchResult } from '../../../src/runtime/worktrees/fetch-result.ts';
import { whyElsewhere } from '../../../src/runtime/worktrees/here.ts';
import { findRepository } from '../../../src/runtime/worktrees/repository.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { testRepository } from './repository.ts';
import {
  author,
  bench,
  commitIn,
  DAY_MS,
  ended,
  FIRST,
  machine,
  messages,
  resultRefs,
  share,
  work,
} from './submodule-bench.ts';

describe('commits of an agent in submodules', () => {
  it('reach a dependent task on another machine, also those of an inner submodule', async (context) => {
    const base = await bench(context);
    const task = await work(base, { 'lib/lib.txt': 'new\n', 'lib/inner/inner.txt': 'new inner\n' });
    assert.deepEqual([base.lib, base.inner, base.remote].map(resultRefs), [[FIRST], [FIRST], [FIRST]]);
    assert.deepEqual(
      task.workspace?.submodule_results?.map(({ names, ref }) => [names, ref]),
      [
        [['lib'], FIRST],
        [['lib', 'inner'], FIRST],
      ],
    );
    const other = await machine(context, base);
    const next = await base.store.createTask({ title: 'Next', dependsOn: [task.id] });
    assert.equal(await whyElsewhere(other, next), undefined);
    const cwd = await other.worktrees.prepare(next);
    assert.equal(readFileSync(join(cwd, 'lib/lib.txt'), 'utf8'), 'new\n');
    assert.equal(readFileSync(join(cwd, 'lib/inner/inner.txt'), 'utf8'), 'new inner\n');
    assert.equal(other.checkout.git('-C', cwd, 'status', '--porcelain'), '');
  });

  it('reach a dependent task on the same machine, and do not keep the worktree', async (context) => {
    const base = await bench(context);
    const task = await work(base, { 'lib/lib.txt': 'new\n', 'lib/inner/inner.txt': 'new inner\n' });
    const next = await base.store.createTask({ title: 'Next', dependsOn: [task.id] });
    const cwd = await base.worktrees.prepare(next);
    assert.equal(readFileSync(join(cwd, 'lib/inner/inner.txt'), 'utf8'), 'new inner\n');
    assert.equal((await mergeTask(base, task, { form: 'merge' })).kept, undefined);
    assert.equal(existsSync(base.folderOf(task)), false);
  });

  for (const form of ['merge', 'squash'] as const) {
    it(`are in a ${form} on another machine`, async (context) => {
      const base = await bench(context);
      const task = await work(base, { 'lib/lib.txt': 'new\n', 'lib/inner/inner.txt': 'new inner\n' });
      const { checkout, ...other } = await machine(context, base);
      const { files, patch } = await taskChanges(other, task, { detail: 'patch' });
      assert.deepEqual(
        files.map(({ path }) => path),
        ['lib'],
      );
      assert.match(patch, /Subproject commit/);
      await assert.rejects(mergeTask(other, task, { form: 'patch' }), {
        code: 'MergeRefused',
        message: /a patch cannot/,
      });
      assert.deepEqual((await mergeTask(other, task, { form })).files, ['lib']);
      assert.match(
        await messages(base, task),
        /moved the submodule lib to [0-9a-f]{12}, which no branch of its remote has/,
      );
      checkout.git('submodule', '--quiet', 'update', '--recursive', '--no-fetch');
      assert.equal(readFileSync(join(checkout.folder, 'lib/lib.txt'), 'utf8'), 'new\n');
      assert.equal(readFileSync(join(checkout.folder, 'lib/inner/inner.txt'), 'utf8'), 'new inner\n');
    });
  }

  it('leave the remotes 30 days after the merge, and the clones when no commit names them', async (context) => {
    const base = await bench(context);
    const task = await work(base, { 'lib/lib.txt': 'new\n' });
    const { checkout, ...other } = await machine(context, base);
    await whyElsewhere(other, await base.store.createTask({ title: 'Next', dependsOn: [task.id] }));
    await discardTask(other, task, true);
    assert.deepEqual(resultRefs(base.lib), [FIRST]);
    await ended(base, task, 29);
    await share(other);
    assert.deepEqual(resultRefs(base.lib), [FIRST]);
    await ended(base, task, 31);
    assert.deepEqual(await share(other), []);
    assert.deepEqual([base.lib, base.remote].map(resultRefs), [[], []]);
    assert.equal(base.now(task).workspace?.submodule_results, undefined);
    // The commit is old in the clone of the other machine, and only the discarded result names it.
    const clone = ['--git-dir', join(checkout.folder, '.git/modules/lib')];
    const kept = (): string => checkout.git(...clone, 'for-each-ref', '--format=%(refname)', 'refs/systemprompt');
    const [commit = '', old = Date.now() - 31 * DAY_MS] = [task.workspace?.submodule_results?.[0]?.commit];
    checkout.git(...clone, 'update-ref', '-d', kept());
    checkout.git(...clone, 'update-ref', `refs/systemprompt/submodules/1-${commit.slice(0, 12)}-${old}`, commit);
    checkout.git('update-ref', 'refs/heads/mine', task.workspace?.result?.commit ?? '');
    await cleanWorktrees(other);
    assert.match(kept(), /^refs\/systemprompt\/submodules\/1-/);
    checkout.git('update-ref', '-d', 'refs/heads/mine');
    const discarded = checkout.git('for-each-ref', '--format=%(refname)', 'refs/systemprompt/discarded');
    if (discarded !== '') checkout.git('update-ref', '-d', discarded);
    await cleanWorktrees(other);
    assert.equal(kept(), '');
  });

  it('stay beside those of another store, which has the same number', async (context) => {
    const base = await bench(context);
    base.lib.git('update-ref', FIRST, 'main');
    const task = await work(base, { 'lib/lib.txt': 'new\n' });
    assert.equal(task.workspace?.submodule_results?.[0]?.ref, `${FIRST}-2`);
    assert.equal(base.lib.git('rev-parse', FIRST), base.lib.git('rev-parse', 'main'));
    assert.equal(base.lib.git('show', `${FIRST}-2:lib.txt`), 'new');
  });

  it('move in the worktree of another machine when the task ran again, and never back', async (context) => {
    const base = await bench(context);
    const task = await work(base, { 'lib/lib.txt': 'one\n', 'lib/inner/inner.txt': 'one\n' });
    const other = await machine(context, base);
    const repository = await findRepository(other.checkout.folder);
    assert.ok(!('reason' in repository));
    await fetchResult(other, repository, task);
    const cwd = await other.worktrees.prepare(task);
    assert.equal(readFileSync(join(cwd, 'lib/inner/inner.txt'), 'utf8'), 'one\n');
    const again = (text: string): void => {
      commitIn(base.repository.git, { 'lib/lib.txt': text, 'lib/inner/inner.txt': text })(base.folderOf(task));
      base.repository.git('-C', base.folderOf(task), 'commit', '--quiet', '--all', '--message', 'again');
    };
    again('two\n');
    assert.deepEqual(await share(base), []);
    assert.equal(base.lib.git('show', `${FIRST}:lib.txt`), 'two');
    await fetchResult(other, repository, base.now(task));
    assert.equal(readFileSync(join(cwd, 'lib/lib.txt'), 'utf8'), 'two\n');
    assert.equal(readFileSync(join(cwd, 'lib/inner/inner.txt'), 'utf8'), 'two\n');
    assert.equal(other.checkout.git('-C', cwd, 'status', '--porcelain'), '');
    writeFileSync(join(cwd, 'lib/lib.txt'), 'mine\n');
    again('three\n');
    await share(base);
    await assert.rejects(fetchResult(other, repository, base.now(task)), { code: 'WorktreeConflict' });
    assert.equal(readFileSync(join(cwd, 'lib/lib.txt'), 'utf8'), 'mine\n');
  });

  it('that a person has not pushed are exchanged as well', async (context) => {
    const base = await bench(context);
    commitIn(base.repository.git, { 'lib/lib.txt': 'of the person\n' })(base.repository.folder);
    base.repository.commit({}, 'lib');
    base.repository.git('push', '--quiet', 'origin', 'main');
    const task = await base.done({ 'new.txt': 'x\n' });
    assert.equal(base.lib.git('show', `${FIRST}:lib.txt`), 'of the person');
    const other = testRepository(tempFolder(context), false);
    other.git('clone', '--quiet', `file://${base.remote.folder}`, '.');
    // A clone of the submodule with what the branches of its remote have.
    other.git('submodule', '--quiet', 'init');
    mkdirSync(join(other.folder, '.git/modules'));
    other.git('clone', '--quiet', '--bare', `file://${base.lib.folder}`, '.git/modules/lib');
    other.git('--git-dir', '.git/modules/lib', 'config', 'remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*');
    const store = Object.create(base.store, { folder: { value: other.folder } });
    const next = await base.store.createTask({ title: 'Next', dependsOn: [task.id] });
    const there = { ...base, store };
    assert.equal(await whyElsewhere(there, next), undefined);
    const cwd = await new Worktrees(there).prepare(next);
    assert.equal(readFileSync(join(cwd, 'lib/lib.txt'), 'utf8'), 'of the person\n');
  });
});

describe('a result with commits in a submodule is not pushed', () => {
  it('if the submodule has no remote', async (context) => {
    const base = await bench(context);
    base.repository.git('-C', 'lib', 'remote', 'remove', 'origin');
    const task = await work(base, { 'lib/lib.txt': 'new\n' });
    assert.equal(task.status, 'completed');
    assert.match(
      await messages(base, task),
      /The result of #1 cannot be pushed: it has new commits of the submodule lib, and your clone of it has no remote\./,
    );
    const [error] = await share(base);
    assert.match(JSON.stringify(error), /git -C \\"lib\\" remote add origin URL/);
    assert.deepEqual([base.lib, base.remote].map(resultRefs), [[], []]);
    base.repository.git('-C', 'lib', 'remote', 'add', 'origin', base.lib.folder);
    assert.deepEqual(await share(base), []);
    assert.deepEqual([base.lib, base.remote].map(resultRefs), [[FIRST], [FIRST]]);
  });

  it('if the remote of the submodule refuses it, and is pushed once it does not', async (context) => {
    const base = await bench(context);
    const hook = join(base.lib.folder, 'hooks/pre-receive');
    writeFileSync(hook, '#!/bin/sh\necho "no results here" >&2\nexit 1\n');
    chmodSync(hook, 0o755);
    const task = await work(base, { 'lib/lib.txt': 'new\n' });
    assert.match(
      await messages(base, task),
      /of the submodule lib, which #1 needs, could not be pushed to "origin": .*declined/,
    );
    assert.deepEqual([base.lib, base.remote].map(resultRefs), [[], []]);
    rmSync(hook);
    assert.deepEqual(await share(base), []);
    assert.deepEqual([base.lib, base.remote].map(resultRefs), [[FIRST], [FIRST]]);
  });

  it('if it has a separate repository', async (context) => {
    const base = await bench(context);
    const task = await base.done({}, { title: 'Do it' }, (cwd) => {
      testRepository(join(cwd, 'own')).commit({ 'x.txt': 'x\n' });
    });
    assert.match(await messages(base, task), /own is a separate repository, which \.gitmodules does not declare/);
    assert.deepEqual(resultRefs(base.remote), []);
  });
});

describe('a submodule commit from a remote', () => {
  it('is refused if the store recorded another one', async (context) => {
    const base = await bench(context);
    const task = await work(base, { 'lib/lib.txt': 'new\n' });
    base.lib.git('update-ref', FIRST, 'main');
    const { checkout, ...other } = await machine(context, base);
    const next = await base.store.createTask({ title: 'Next', dependsOn: [task.id] });
    const why = await whyElsewhere(other, next);
    assert.match(
      why?.reason ?? '',
      /submodule lib, which #1 needs, could not be fetched: .* does not contain the commit/,
    );
    await assert.rejects(mergeTask(other, task, { form: 'merge' }), { code: 'GitFailed' });
    assert.equal(checkout.git('-C', 'lib', 'for-each-ref', 'refs/systemprompt'), '');
  });

  it('is not needed to look at the result, or to discard it', async (context) => {
    const base = await bench(context);
    const task = await work(base, { 'lib/lib.txt': 'new\n' });
    const other = await machine(context, base);
    rmSync(base.lib.folder, { recursive: true });
    assert.equal((await taskChanges(other, task, { detail: 'patch' })).files.length, 1);
    await discardTask(other, task, true);
  });
});

describe('a hostile commit', () => {
  it('brings no commit of another repository into a submodule', async (context) => {
    const base = await bench(context);
    const secret = testRepository(tempFolder(context));
    const hidden = secret.commit({ 'secret.txt': 's\n' });
    const task = await base.done({}, { title: 'Do it' }, (cwd) => {
      const clone = base.repository.git('-C', join(cwd, 'lib'), 'rev-parse', '--absolute-git-dir');
      rmSync(clone, { recursive: true });
      symlinkSync(join(secret.folder, '.git'), clone);
      base.repository.git('-C', cwd, 'update-index', '--cacheinfo', `160000,${hidden},lib`);
      base.repository.git('-C', cwd, ...author, 'commit', '--quiet', '--message', 'hostile');
      rmSync(join(cwd, 'lib'), { recursive: true });
      mkdirSync(join(cwd, 'lib'));
    });
    assert.match(await messages(base, task), /submodule lib, which #1 needs, could not be fetched/);
    assert.deepEqual([base.lib, base.remote].map(resultRefs), [[], []]);
  });

  it('chooses neither remote nor program nor folder for its submodules', async (context) => {
    const base = await bench(context);
    const trap = join(tempFolder(context), 'ran');
    const secret = testRepository(tempFolder(context));
    const hidden = secret.commit({ 'secret.txt': 's\n' });
    const modules = [
      ['lib', 'lib', `ext::sh -c touch% ${trap}`],
      ['up', '../up', secret.folder],
      ['--upload-pack=touch', 'dash', secret.folder],
      ['x.update=!touch', 'equal', secret.folder],
      ['lib/modules/inner', 'nested', secret.folder],
      ['secret', 'secret', `file://${secret.folder}`],
    ];
    const text = modules.map(
      ([name, path, url]) => `[submodule "${name}"]\n\tpath = ${path}\n\turl = ${url}\n\tupdate = !touch ${trap}\n`,
    );
    const task = await base.done({}, { title: 'Do it' }, (cwd) => {
      const git = (...args: string[]): string => base.repository.git('-C', cwd, ...args);
      commitIn(base.repository.git, { 'lib/lib.txt': 'new\n' })(cwd);
      writeFileSync(join(cwd, '.gitmodules'), text.join(''));
      git('add', '.gitmodules', 'lib');
      for (const path of ['dash', 'equal', 'nested', 'secret']) {
        mkdirSync(join(cwd, path));
        git('update-index', '--add', '--cacheinfo', `160000,${hidden},${path}`);
      }
      git(...author, 'commit', '--quiet', '--message', 'hostile');
      // The worktree's clone of "secret" is a link to a repository of the person.
      const clones = join(git('rev-parse', '--path-format=absolute', '--git-dir'), 'modules');
      symlinkSync(join(secret.folder, '.git'), join(clones, 'secret'));
    });
    assert.match(await messages(base, task), /is a separate repository, which \.gitmodules does not declare/);
    assert.equal(existsSync(trap), false);
    assert.deepEqual([base.lib, base.inner, base.remote].map(resultRefs), [[], [], []]);
    // A machine that does not check, such as one with an old version, pushed it all the same.
    base.repository.git('push', '--quiet', 'origin', `${task.workspace?.branch}:${FIRST}`);
    const commit = base.repository.git('rev-parse', task.workspace?.branch ?? '');
    await base.store.transact('test.result', (draft) => {
      const { workspace } = draft.require(task.id);
      const results = [{ names: ['..', 'lib'], ref: FIRST, commit }];
      if (workspace === undefined) return;
      draft.patch(task.id, { workspace: { ...workspace, result: { ref: FIRST, commit }, submodule_results: results } });
    });
    const other = await machine(context, base);
    const next = await base.store.createTask({ title: 'Next', dependsOn: [task.id] });
    const why = async (): Promise<string> => (await whyElsewhere(other, next))?.reason ?? '';
    assert.match(await why(), /disallowed submodule/);
    // Without the checks of git.
    other.checkout.git('fetch', '--quiet', '--no-recurse-submodules', 'origin', FIRST);
    assert.match(await why(), /submodule lib, which #1 needs, could not be fetched/);
    const cwd = await other.worktrees.prepare(base.now(task)).catch(() => '');
    assert.equal(existsSync(trap), false);
    assert.equal(existsSync(join(cwd, 'secret', 'secret.txt')), false);
    assert.equal(existsSync(join(other.checkout.folder, '..', 'up')), false);
    await ended(base, task, 31);
    await share(other);
    assert.equal(secret.git('for-each-ref', 'refs/systemprompt'), '');
  });
});
