import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { diffView } from '../../src/cli/views/worktrees.ts';
import { type ErrorCode, TaskError } from '../../src/core/errors.ts';
import type { TaskRecord } from '../../src/core/task/schema.ts';
import { visibleFile, visibleLine, visiblePatch } from '../../src/core/text/visible.ts';
import { createCheckpoint } from '../../src/runtime/checkpoints/create.ts';
import { mergeChain, mergeOrder } from '../../src/runtime/merge/chain.ts';
import { mergeTask } from '../../src/runtime/merge/merge.ts';
import { taskChanges } from '../../src/runtime/worktrees/diff.ts';
import { type WorktreeBench, worktreeBench } from '../runtime/worktrees/bench.ts';
import { tempFolder } from '../support/temp-folder.ts';

async function refused(work: Promise<unknown>, code: ErrorCode, words: RegExp): Promise<TaskError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(TaskError.is(error, code), `${code}, not ${error}`);
  assert.match(`${error.message} ${JSON.stringify(error.next)}`, words);
  return error;
}

function hook(bench: WorktreeBench, name: string, script: string): void {
  const file = join(bench.repository.folder, '.git', 'hooks', name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

function gitIn(folder: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trimEnd();
}

/** The number of git processes that some work starts. */
async function processes(context: TestContext, work: () => Promise<unknown>): Promise<number> {
  const folder = tempFolder(context);
  const before = process.env['PATH'] ?? '';
  const real = before.split(delimiter).find((path) => existsSync(join(path, 'git'))) ?? '';
  const log = join(folder, 'calls');
  writeFileSync(join(folder, 'git'), `#!/bin/sh\necho x >> "${log}"\nexec "${join(real, 'git')}" "$@"\n`);
  chmodSync(join(folder, 'git'), 0o755);
  process.env['PATH'] = `${folder}${delimiter}${before}`;
  try {
    await work();
  } finally {
    process.env['PATH'] = before;
  }
  return readFileSync(log, 'utf8').length / 2;
}

const many = (count: number, text: string): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`many/${at}.txt`, `${text} ${at}\n`]));

describe('reviewed text', () => {
  const hostile: readonly [name: string, text: string, shown: string][] = [
    ['a title sequence', 'echo "hi\u001b]0;$(touch X)\u0007"', 'echo "hi\\u{001b}]0;$(touch X)\\u{0007}"'],
    ['a right-to-left override', 'if (a\u202e) {', 'if (a\\u{202e}) {'],
    ['a zero-width space', 'ad\u200bmin', 'ad\\u{200b}min'],
    ['a lone carriage return', 'rm -rf x\recho ok', 'rm -rf x\\u{000d}echo ok'],
    ['a C1 control', 'a\u009b31mb', 'a\\u{009b}31mb'],
    ['a tag character', 'a\u{e0041}b', 'a\\u{e0041}b'],
  ];
  for (const [name, text, shown] of hostile) {
    it(`shows ${name} as its code`, () => {
      assert.equal(visiblePatch(`+${text}`), `+${shown}`);
      assert.equal(visibleFile(`${text}\nx`), `${shown}\nx`);
      assert.equal(visibleLine(text), shown);
    });
  }

  it('shows a line break in a one-line command, and no line ends of a Windows file', () => {
    assert.equal(visibleLine('echo hi\nrm x'), 'echo hi\\u{000a}rm x');
    assert.equal(visibleFile('a\r\nb\r\n'), 'a\nb\n');
    assert.equal(visibleFile('a\r\nb\n'), 'a\\u{000d}\nb\n');
    assert.equal(visiblePatch(' a\r\n+b\r'), ' a\n+b\\u{000d}');
  });

  it('covers all merged content: the diff has the file names and the codes', async (context) => {
    const bench = await worktreeBench(context);
    const script = 'echo "hi\u001b]0;$(touch X)\u0007"\n';
    const task = await bench.done({ 'a.sh': script, 'b\u202e.txt': 'b\n', 'c.txt': 'c\r\n' });
    const changes = await taskChanges(bench, task, { detail: 'patch' });
    assert.deepEqual(
      changes.files.map(({ path, hidden }) => [path, hidden]),
      [
        ['a.sh', true],
        ['b\u202e.txt', true],
        ['c.txt', false],
      ],
    );
    const { id, number, title } = task;
    const output = { ...changes, id, number, title, files: [...changes.files], worktree: null, sides: null };
    const text = diffView(output, false);
    assert.match(text, /\+echo "hi\\u\{001b\}\]0;\$\(touch X\)\\u\{0007\}"/);
    assert.ok(!text.includes('\u001b') && !text.includes('\u202e'));
    assert.match(diffView(output, true), /b\\u\{202e\}\.txt {2}\(has characters that do not print\)/);
  });
});

describe('files of the product in a worktree', () => {
  it('are not part of the result, even if the agent adds them', async (context) => {
    const bench = await worktreeBench(context);
    Object.assign(bench.settings, { worktrees: { link: ['node_modules', 'vendor'] } });
    bench.repository.commit({ '.gitignore': 'node_modules/\n/vendor/\n' });
    for (const name of ['node_modules', 'vendor']) bench.repository.write(`${name}/x.js`, 'x');
    const task = await bench.done({ 'new.txt': 'x\n' }, { title: 'Do it' }, (cwd) => {
      assert.ok(lstatSync(join(cwd, 'node_modules')).isSymbolicLink());
      gitIn(cwd, 'add', '--all');
      gitIn(cwd, 'add', '--force', 'vendor');
      gitIn(cwd, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '--quiet', '-m', 'agent');
      assert.equal(gitIn(cwd, 'ls-files', 'node_modules'), '');
      assert.equal(gitIn(cwd, 'ls-files', 'vendor'), 'vendor');
    });
    const { files } = await taskChanges(bench, task, { detail: 'count' });
    assert.deepEqual(
      files.map(({ path }) => path),
      ['new.txt'],
    );
    await mergeTask(bench, task, { form: 'merge' });
    assert.ok(lstatSync(join(bench.repository.folder, 'vendor')).isDirectory());
    assert.equal(bench.repository.git('ls-files', 'vendor', 'node_modules'), '');
  });
});

describe('a merge into the branch of the user', () => {
  it('needs an author name and reports a missing one, unlike a patch', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'new.txt': 'x\n' });
    const global = process.env['GIT_CONFIG_GLOBAL'];
    process.env['GIT_CONFIG_GLOBAL'] = '/dev/null';
    context.after(() => {
      if (global === undefined) delete process.env['GIT_CONFIG_GLOBAL'];
      else process.env['GIT_CONFIG_GLOBAL'] = global;
    });
    for (const key of ['user.name', 'user.email']) bench.repository.git('config', '--unset', key);
    bench.repository.git('config', 'user.useConfigOnly', 'true');
    await refused(mergeTask(bench, task, { form: 'squash' }), 'MergeRefused', /name and e-mail.*git config --global/);
    await mergeTask(bench, task, { form: 'patch' });
    assert.ok(existsSync(join(bench.repository.folder, 'new.txt')));
  });

  it('is signed according to commit.gpgSign, and refused if git cannot sign', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'new.txt': 'x\n' });
    const program = join(tempFolder(context), 'gpg');
    const sign = (script: string): void => {
      writeFileSync(program, `#!/bin/sh\ncat > /dev/null\n${script}\n`);
      chmodSync(program, 0o755);
    };
    bench.repository.git('config', 'gpg.program', program);
    bench.repository.git('config', 'commit.gpgSign', 'true');
    const head = bench.repository.git('rev-parse', 'HEAD');
    sign('echo no secret key >&2; exit 2');
    await refused(mergeTask(bench, task, { form: 'merge' }), 'MergeRefused', /cannot sign/);
    assert.equal(bench.repository.git('rev-parse', 'HEAD'), head);
    const signature = '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n';
    sign(`echo "[GNUPG:] SIG_CREATED x" >&2; printf -- '${signature}'`);
    await mergeTask(bench, task, { form: 'merge' });
    assert.match(bench.repository.git('cat-file', 'commit', 'HEAD'), /^gpgsig -----BEGIN PGP SIGNATURE/m);
  });

  it('is checked against merge.verifySignatures before it changes anything', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'new.txt': 'x\n' });
    bench.repository.git('config', 'merge.verifySignatures', 'true');
    for (const form of ['merge', 'squash'] as const) {
      await refused(mergeTask(bench, task, { form }), 'MergeRefused', /merge\.verifySignatures.*as a patch/);
    }
    assert.ok(!existsSync(join(bench.repository.folder, 'new.txt')));
  });

  it('runs the hooks of the user on the result, and records if they were skipped', async (context) => {
    const bench = await worktreeBench(context);
    const task = await bench.done({ 'new.txt': 'forbidden\n' });
    const out = join(tempFolder(context), 'out');
    hook(bench, 'pre-commit', 'if grep -r forbidden new.txt; then echo "no forbidden words" >&2; exit 1; fi');
    hook(bench, 'commit-msg', 'echo "Checked-by: hook" >> "$1"');
    hook(bench, 'post-merge', `echo merged > "${out}"`);
    await refused(mergeTask(bench, task, { form: 'squash' }), 'MergeRefused', /pre-commit hook.*no forbidden words/);
    assert.ok(!existsSync(join(bench.repository.folder, 'new.txt')));
    hook(bench, 'pre-commit', 'git diff --cached --name-only HEAD | grep -q new.txt');
    await mergeTask(bench, task, { form: 'squash' });
    assert.match(bench.repository.git('log', '-1', '--format=%B'), /Checked-by: hook/);
    assert.equal(readFileSync(out, 'utf8'), 'merged\n');
    const other = await bench.done({ 'other.txt': 'x\n' }, { title: 'Other' });
    hook(bench, 'pre-commit', 'exit 1');
    await mergeTask(bench, other, { form: 'squash', skipHooks: true });
    assert.match(JSON.stringify((await bench.store.getLogs(other.id)).entries), /without commit hooks/);
  });

  it('of a chain is one call with one result that names the task at which it stops', async (context) => {
    const bench = await worktreeBench(context);
    const first = await bench.done({ 'a.txt': 'first\n' }, { title: 'First' });
    const second = await bench.done({ 'two.txt': '2\n' }, { title: 'Second', dependsOn: [first.id] });
    const third = await bench.done({ 'three.txt': '3\n' }, { title: 'Third', dependsOn: [second.id] });
    const error = await refused(mergeTask(bench, third, { form: 'merge' }), 'MergeRefused', /withDependencies/);
    assert.deepEqual(error.details?.['tasks'], [first.id, second.id]);
    bench.repository.write('two.txt', 'mine\n');
    const chain = async (): Promise<TaskRecord[]> => mergeOrder(bench, [bench.now(third)], true);
    const stopped = await refused(
      mergeChain(bench, await chain(), { form: 'merge' }),
      'MergeConflict',
      /Stopped at #2 "Second".*Merged before it: #1\. Not merged after it: #3\./,
    );
    assert.deepEqual(stopped.details?.['merged'], [first.id]);
    assert.deepEqual(stopped.details?.['remaining'], [second.id, third.id]);
    bench.repository.git('clean', '--quiet', '-f', 'two.txt');
    const controller = new AbortController();
    const options = { signal: controller.signal, progress: () => controller.abort() };
    const partial = await mergeChain(bench, await chain(), { form: 'merge' }, options);
    assert.deepEqual([partial.stopped, partial.remaining.map(({ number }) => number)], [{ done: 1, total: 2 }, [3]]);
    const rest = await mergeChain(bench, await chain(), { form: 'merge' });
    assert.deepEqual(
      [...partial.merged, ...rest.merged].map((merged) => [merged.task.number, merged.files]),
      [
        [2, ['two.txt']],
        [3, ['three.txt']],
      ],
    );
  });

  it('of several tasks follows their dependencies for any order of their names', async (context) => {
    const bench = await worktreeBench(context);
    const first = await bench.done({ 'a.txt': 'first\n' }, { title: 'First' });
    const second = await bench.done({ 'two.txt': '2\n' }, { title: 'Second', dependsOn: [first.id] });
    const other = await bench.done({ 'three.txt': '3\n' }, { title: 'Other' });
    const numbers = (tasks: readonly TaskRecord[]): number[] => tasks.map(({ number }) => number);
    assert.deepEqual(numbers(await mergeOrder(bench, [second, other, first, second], false)), [1, 2, 3]);
    assert.deepEqual(numbers(await mergeOrder(bench, [other, second], false)), [3, 2]);
    assert.deepEqual(numbers(await mergeOrder(bench, [other, second], true)), [3, 1, 2]);
    const { merged, remaining } = await mergeChain(bench, await mergeOrder(bench, [second, other, first], false), {
      form: 'squash',
    });
    assert.deepEqual([numbers(merged.map(({ task }) => task)), remaining], [[1, 2, 3], []]);
    for (const file of ['two.txt', 'three.txt']) assert.ok(existsSync(join(bench.repository.folder, file)));
  });

  it('needs a constant number of git processes for any number of files, like diff, patch and checkpoints', async (context) => {
    const counts: number[][] = [];
    for (const count of [3, 40]) {
      const bench = await worktreeBench(context);
      bench.repository.commit(many(count, 'old'));
      const task = await bench.done(many(count, 'new'));
      const other = await bench.done({ ...many(count, 'new'), 'x.txt': 'x' }, { title: 'Other' });
      // Every file is there already, as after a merge that was interrupted: the slowest way.
      for (const [path, text] of Object.entries(many(count, 'new'))) bench.repository.write(path, text);
      counts.push([
        await processes(context, () => taskChanges(bench, task, { detail: 'patch' })),
        await processes(context, () => createCheckpoint(bench, task, { kind: 'manual', message: 'x' })),
        await processes(context, () => mergeTask(bench, task, { form: 'merge' })),
        await processes(context, () => mergeTask(bench, other, { form: 'patch' })),
      ]);
    }
    assert.deepEqual(counts[1], counts[0]);
  });
});

describe('submodules', () => {
  async function withSubmodule(context: TestContext): Promise<WorktreeBench> {
    const bench = await worktreeBench(context);
    const library = await worktreeBench(context);
    const allowed = ['-c', 'protocol.file.allow=always'];
    bench.repository.git(...allowed, 'submodule', '--quiet', 'add', library.repository.folder, 'lib');
    bench.repository.commit({}, 'submodule');
    return bench;
  }

  it('are checked out from the clone of the user, and an unchanged worktree is removed', async (context) => {
    const bench = await withSubmodule(context);
    const task = await bench.done({ 'new.txt': 'x\n' }, { title: 'Do it' }, (cwd) => {
      assert.equal(readFileSync(join(cwd, 'lib/b.txt'), 'utf8'), 'b\n');
    });
    assert.equal((await mergeTask(bench, task, { form: 'merge' })).kept, undefined);
    assert.ok(!existsSync(bench.folderOf(task)));
    assert.equal(readFileSync(join(bench.repository.folder, 'lib/b.txt'), 'utf8'), 'b\n');
  });

  it('never point to a commit that exists only in the worktree', async (context) => {
    const bench = await withSubmodule(context);
    const task = await bench.done({}, { title: 'Do it' }, (cwd) => {
      const lib = join(cwd, 'lib');
      writeFileSync(join(lib, 'new.txt'), 'x\n');
      gitIn(lib, 'add', '--all');
      gitIn(lib, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '--quiet', '-m', 'inner');
    });
    for (const form of ['merge', 'squash', 'patch'] as const) {
      await refused(mergeTask(bench, task, { form }), 'MergeRefused', /submodule lib, which your clone does not have/);
    }
    const inner = join(bench.folderOf(task), 'lib');
    gitIn(join(bench.repository.folder, 'lib'), 'fetch', '--quiet', inner, 'HEAD:refs/heads/from-task');
    assert.equal((await mergeTask(bench, task, { form: 'merge' })).kept, undefined);
  });
});
