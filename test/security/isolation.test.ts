import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Git } from '../../src/runtime/worktrees/git.ts';
import { makeFolders } from '../../src/store/make-folders.ts';
import { cli } from '../cli/cli.ts';
import { testRepository } from '../runtime/worktrees/repository.ts';
import { tempFolder, until } from '../support/temp-folder.ts';
import { type WorkerBench, workerBench } from '../support/worker-bench.ts';

/** Runs a task that would leave a file in the person's folder if it worked there. */
async function attempt(context: TestContext, folder: string, isolation?: 'worktree' | 'none'): Promise<WorkerBench> {
  const worker = await workerBench(context, { folder });
  const { id } = await worker.run({ title: 'Write', instructions: 'echo 1 > written.txt', isolation });
  await worker.reaches(id, 'completed', 'failed');
  return worker;
}

/** Waits for a line of a task's log. */
async function logged(worker: WorkerBench, id: string, expected: RegExp): Promise<void> {
  await until(`the log has ${expected}`, async () =>
    expected.test(JSON.stringify((await worker.store.getLogs(id)).entries)),
  );
}

/** A folder of programs in which only this script is called git. */
function onlyGit(context: TestContext, script: string): string {
  const folder = tempFolder(context);
  writeFileSync(join(folder, 'git'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'git'), 0o755);
  return folder;
}

function withPath(context: TestContext, path: string): void {
  const before = process.env['PATH'];
  process.env['PATH'] = path;
  context.after(() => {
    process.env['PATH'] = before;
  });
}

/** Where the shell and its commands are, without git. */
function pathWithoutGit(context: TestContext): string {
  const folder = tempFolder(context);
  for (const name of ['bash', 'sh', 'cat', 'ps']) {
    const found = (process.env['PATH'] ?? '').split(delimiter).find((path) => existsSync(join(path, name)));
    if (found === undefined) continue;
    writeFileSync(join(folder, name), `#!/bin/sh\nexec ${join(found, name)} "$@"\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

const cases: readonly {
  readonly name: string;
  readonly reason: RegExp;
  readonly make: (context: TestContext) => string;
}[] = [
  {
    name: 'git refuses the repository of another user',
    reason: /dubious ownership/,
    make: (context) => {
      const script = `echo "fatal: detected dubious ownership in repository at '$PWD'" >&2; exit 128`;
      const path = onlyGit(context, script);
      const repository = testRepository(tempFolder(context));
      repository.commit({ 'a.txt': 'a\n' });
      withPath(context, `${path}${delimiter}${process.env['PATH']}`);
      return repository.folder;
    },
  },
  {
    name: 'git is not on the PATH',
    reason: /git is not on the PATH/,
    make: (context) => {
      const repository = testRepository(tempFolder(context));
      repository.commit({ 'a.txt': 'a\n' });
      withPath(context, pathWithoutGit(context));
      return repository.folder;
    },
  },
  {
    name: 'git ignores the folder',
    reason: /git ignores the folder/,
    make: (context) => {
      const repository = testRepository(tempFolder(context));
      repository.commit({ '.gitignore': 'out/\n' });
      mkdirSync(join(repository.folder, 'out'));
      return join(repository.folder, 'out');
    },
  },
  {
    name: 'the repository has no commit',
    reason: /no commit yet/,
    make: (context) => testRepository(tempFolder(context)).folder,
  },
  {
    name: 'the repository is broken',
    reason: /git does not use the repository/,
    make: (context) => {
      const folder = tempFolder(context);
      writeFileSync(join(folder, '.git'), 'gitdir: /nowhere/at/all\n');
      return folder;
    },
  },
];

describe('a task that wants a worktree never runs in the files of the user', () => {
  for (const { name, reason, make } of cases) {
    it(`where ${name}`, async (context) => {
      const worker = await attempt(context, make(context));
      const [task] = [...worker.store.view.all()];
      assert.equal(task?.status, 'failed');
      assert.equal(task.error_code, 'WorktreeUnavailable');
      assert.match(task.error ?? '', reason);
      assert.equal(task.workspace, undefined);
      assert.ok(!existsSync(join(worker.folder, 'written.txt')));
      await logged(worker, task.id, /in your own files/);
    });
  }

  it('if it requires one and there is no repository', async (context) => {
    const worker = await attempt(context, tempFolder(context), 'worktree');
    assert.equal([...worker.store.view.all()][0]?.error_code, 'WorktreeUnavailable');
    assert.ok(!existsSync(join(worker.folder, 'written.txt')));
  });

  it('but without any repository it does, with a note in the task log', async (context) => {
    for (const without of [false, true]) {
      if (without) withPath(context, pathWithoutGit(context));
      const worker = await attempt(context, tempFolder(context));
      const [task] = [...worker.store.view.all()];
      assert.equal(task?.status, 'completed');
      assert.ok(existsSync(join(worker.folder, 'written.txt')));
      await logged(worker, task.id, /Works in the folder itself/);
    }
  });
});

describe('every wait has a timeout', () => {
  it('for git without an answer', async (context) => {
    withPath(context, `${onlyGit(context, 'exec sleep 600')}${delimiter}${process.env['PATH']}`);
    const git = new Git(tempFolder(context)).configured([], 200);
    await assert.rejects(git.text(['status']), /did not end within 1 s and was stopped/);
  });

  it('for git with a child process that keeps its output open', async (context) => {
    const script = "trap '' TERM\nsleep 20 & wait; sleep 20";
    withPath(context, `${onlyGit(context, script)}${delimiter}${process.env['PATH']}`);
    const git = new Git(tempFolder(context)).configured([], 200);
    await assert.rejects(git.text(['status']), /was stopped/);
  });

  it('for a folder that fails with ENOENT although its parent exists', async (context) => {
    // Only Linux has a folder that answers so; elsewhere the path fails in another way, and must end as well.
    await assert.rejects(makeFolders('/proc/nope/.config/systemprompt'));
    const home = process.env['XDG_CONFIG_HOME'];
    context.after(() => {
      if (home === undefined) delete process.env['XDG_CONFIG_HOME'];
      else process.env['XDG_CONFIG_HOME'] = home;
    });
    process.env['XDG_CONFIG_HOME'] = '/proc/nope/.config';
    assert.equal((await cli(context)('task', 'create', 'One', '--tool', 'SHELL')).code, 0);
  });

  it('because no source file uses recursive mkdir', () => {
    const root = fileURLToPath(new URL('../../src', import.meta.url));
    const found = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .filter((name) => {
        const text = readFileSync(join(root, name), 'utf8');
        // The store's own file system has the safe form under that name.
        return /(?<!fs\.)\bmkdir(Sync)?\([^;]*recursive: true/.test(text);
      });
    assert.deepEqual(found, []);
  });
});
