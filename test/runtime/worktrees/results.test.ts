import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { createCheckpoint } from '../../../src/runtime/checkpoints/create.ts';
import { fetchResult } from '../../../src/runtime/worktrees/fetch-result.ts';
import { whyElsewhere } from '../../../src/runtime/worktrees/here.ts';
import { shareResults } from '../../../src/runtime/worktrees/shared-results.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import type { TestRepository } from './repository.ts';
import { type Shared, shared } from './shared-bench.ts';

const FIRST = 'refs/systemprompt/results/1';

const refs = ({ remote }: Shared): string[] =>
  remote
    .git('for-each-ref', '--format=%(refname)', 'refs/systemprompt')
    .split('\n')
    .filter((ref) => ref !== '');

/** Any commit that is not the result. */
const other = ({ remote }: Shared): string =>
  remote.git('-c', 'user.name=M', '-c', 'user.email=m@example.com', 'commit-tree', 'main^{tree}', '-m', 'other');

function again(bench: Shared, task: TaskRecord, files: Readonly<Record<string, string>>): string {
  const folder = bench.folderOf(task);
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  bench.repository.git('-C', folder, 'add', '--all');
  bench.repository.git('-C', folder, 'commit', '--quiet', '-m', 'again');
  return bench.repository.git('-C', folder, 'rev-parse', 'HEAD');
}

const share = (bench: Shared, failures: unknown[] = []): Promise<void> =>
  shareResults(bench, (_task, error) => failures.push(error));

describe('results on a remote', () => {
  it('have the branch and the checkpoints of a task, and leave with it 30 days after the merge', async (context) => {
    const bench = await shared(context);
    const task = await bench.done({ 'new.txt': 'x\n' });
    const tip = bench.repository.git('rev-parse', task.workspace?.branch ?? '');
    assert.deepEqual(task.workspace?.result, { ref: FIRST, commit: tip });
    assert.equal(bench.remote.git('rev-parse', FIRST), tip);
    await createCheckpoint(bench, task, { kind: 'manual', message: 'here' });
    again(bench, task, { 'new.txt': 'y\n' });
    await share(bench);
    assert.deepEqual(refs(bench), [`refs/systemprompt/checkpoints/${task.id}/1`, FIRST]);
    assert.equal(bench.remote.git('show', `${FIRST}:new.txt`), 'y');
    const mergedAgo = (days: number): Promise<unknown> =>
      bench.store.transact('test.merged', (draft) => {
        const { workspace } = draft.require(task.id);
        const at = new Date(Date.now() - days * 24 * 60 * 60_000).toISOString();
        if (workspace !== undefined) draft.patch(task.id, { workspace: { ...workspace, merged_at: at } });
      });
    await mergedAgo(29);
    await share(bench);
    assert.equal(refs(bench).length, 2);
    await mergedAgo(31);
    await share(bench);
    assert.deepEqual(refs(bench), []);
    assert.equal(bench.now(task).workspace?.result, undefined);
  });

  it('of archived tasks leave 30 days after the merge as well', async (context) => {
    const bench = await shared(context);
    const [old, recent] = [await bench.done({ 'old.txt': 'x\n' }), await bench.done({ 'recent.txt': 'x\n' })];
    for (const [task, days] of [
      [old, 31],
      [recent, 29],
    ] as const) {
      await bench.store.transact('test.merged', (draft) => {
        const { workspace } = draft.require(task.id);
        const at = new Date(Date.now() - days * 24 * 60 * 60_000).toISOString();
        if (workspace !== undefined) draft.patch(task.id, { workspace: { ...workspace, merged_at: at } });
      });
    }
    await bench.store.archive.add([old.id, recent.id]);
    assert.equal(refs(bench).length, 2);
    await share(bench);
    assert.deepEqual(refs(bench), [recent.workspace?.result?.ref]);
  });

  it('never replace commits of another store or person', async (context) => {
    const bench = await shared(context);
    const foreign = other(bench);
    bench.remote.git('update-ref', FIRST, foreign);
    const task = await bench.done({ 'new.txt': 'x\n' });
    assert.equal(task.workspace?.result?.ref, `${FIRST}-2`);
    bench.remote.git('update-ref', `${FIRST}-2`, foreign);
    const tip = again(bench, task, { 'new.txt': 'y\n' });
    await share(bench);
    assert.deepEqual(bench.now(task).workspace?.result, { ref: `${FIRST}-3`, commit: tip });
    assert.deepEqual(
      [FIRST, `${FIRST}-2`].map((ref) => bench.remote.git('rev-parse', ref)),
      [foreign, foreign],
    );
  });

  it('are pushed later if the remote is away, and the task is completed all the same', async (context) => {
    const bench = await shared(context);
    renameSync(bench.remote.folder, `${bench.remote.folder}-away`);
    const task = await bench.done({ 'new.txt': 'x\n' });
    assert.equal(task.status, 'completed');
    assert.equal(task.workspace?.result, undefined);
    const { entries } = await bench.store.getLogs(task.id);
    assert.ok(entries.some(({ message }) => message.includes('could not be pushed to "origin"')));
    const failures: unknown[] = [];
    await share(bench, failures);
    assert.equal(failures.length, 1);
    renameSync(`${bench.remote.folder}-away`, bench.remote.folder);
    await share(bench);
    assert.deepEqual(refs(bench), [FIRST]);
  });

  it('update an older branch and its worktree on another machine, and keep other work there', async (context) => {
    const bench = await shared(context);
    const task = await bench.done({ 'new.txt': 'x\n' });
    const { checkout, repository } = await bench.clone();
    await fetchResult(bench, repository, task);
    const branch = task.workspace?.branch ?? '';
    const folder = join(checkout.folder, task.workspace?.path ?? '');
    checkout.git('worktree', 'add', '--quiet', folder, branch);
    again(bench, task, { 'new.txt': 'y\n' });
    await share(bench);
    writeFileSync(join(folder, 'mine.txt'), 'm\n');
    await fetchResult(bench, repository, bench.now(task));
    assert.equal(readFileSync(join(folder, 'new.txt'), 'utf8'), 'y\n');
    assert.equal(existsSync(join(folder, 'mine.txt')), true);
    writeFileSync(join(folder, 'new.txt'), 'mine\n');
    again(bench, task, { 'new.txt': 'z\n' });
    await share(bench);
    await assert.rejects(fetchResult(bench, repository, bench.now(task)), { code: 'WorktreeConflict' });
    assert.equal(readFileSync(join(folder, 'new.txt'), 'utf8'), 'mine\n');
    assert.equal(checkout.git('for-each-ref', 'refs/systemprompt/fetched'), '');
  });

  it('are refused if the remote has another commit than the store recorded', async (context) => {
    const bench = await shared(context);
    const task = await bench.done({ 'new.txt': 'x\n' });
    bench.remote.git('update-ref', FIRST, other(bench));
    const { checkout, repository } = await bench.clone();
    await assert.rejects(fetchResult(bench, repository, task), { code: 'GitFailed', message: /does not contain/ });
    assert.equal(checkout.git('for-each-ref', 'refs/systemprompt', 'refs/heads/systemprompt'), '');
  });

  it('are refused with objects that git reports as malformed', async (context) => {
    const bench = await shared(context);
    const task = await bench.done({ 'new.txt': 'x\n' });
    const { remote } = bench;
    const blob = remote.git('rev-parse', 'main:a.txt');
    const tree = remote.git('hash-object', '-w', '-t', 'tree', '--literally', treeFile(remote, [['.git', blob]]));
    const bad = remote.git('-c', 'user.name=M', '-c', 'user.email=m@example.com', 'commit-tree', tree, '-m', 'bad');
    remote.git('update-ref', FIRST, bad);
    const { repository } = await bench.clone();
    const record = { ...task, workspace: { ...task.workspace, result: { ref: FIRST, commit: bad } } } as TaskRecord;
    await assert.rejects(fetchResult(bench, repository, record), { code: 'GitFailed', message: /fsck|hasDotgit/ });
  });

  it('are named as the reason if a task cannot run on this machine', async (context) => {
    const bench = await shared(context);
    const first = await bench.done({ 'new.txt': 'x\n' });
    const next = await bench.store.createTask({ title: 'Next', dependsOn: [first.id] });
    const { checkout } = await bench.clone();
    const there = { ...bench, store: Object.create(bench.store, { folder: { value: checkout.folder } }) };
    const reason = async (): Promise<string | undefined> => (await whyElsewhere(there, next))?.reason;
    checkout.git('remote', 'remove', 'origin');
    assert.equal(await reason(), 'this repository has no remote for results');
    checkout.git('remote', 'add', 'origin', `${bench.remote.folder}-gone`);
    assert.match((await reason()) ?? '', /^The result of #1 could not be fetched from "origin": /);
    checkout.git('remote', 'set-url', 'origin', bench.remote.folder);
    assert.equal(await reason(), undefined);
    assert.equal(checkout.git('rev-parse', first.workspace?.branch ?? ''), first.workspace?.result?.commit);
  });

  it('upload files of Git LFS, although no hook runs, and download them', async (context) => {
    const bench = await shared(context);
    const tools = tempFolder(context);
    writeFileSync(join(tools, 'git-lfs'), `#!/bin/sh\necho "$@" >> ${tools}/calls\n`);
    chmodSync(join(tools, 'git-lfs'), 0o755);
    bench.repository.git('config', 'filter.lfs.clean', 'cat');
    const { PATH } = process.env;
    process.env.PATH = `${tools}:${PATH}`;
    try {
      const task = await bench.done({ '.gitattributes': '*.bin filter=lfs\n', 'a.bin': 'a\n' });
      const calls = (): string => readFileSync(join(tools, 'calls'), 'utf8');
      assert.equal(calls(), `push origin refs/heads/${task.workspace?.branch}\n`);
      const { checkout, repository } = await bench.clone();
      checkout.git('config', 'filter.lfs.clean', 'cat');
      await fetchResult(bench, repository, task);
      assert.equal(calls().split('\n')[1], `fetch origin ${task.workspace?.result?.commit}`);
    } finally {
      process.env.PATH = PATH;
    }
  });
});

/** Writes a tree object as git refuses to make it. @returns its file */
function treeFile({ folder }: TestRepository, entries: readonly (readonly [name: string, hash: string])[]): string {
  const file = join(folder, 'tree');
  writeFileSync(
    file,
    Buffer.concat(entries.flatMap(([name, hash]) => [Buffer.from(`100644 ${name}\0`), Buffer.from(hash, 'hex')])),
  );
  return file;
}
