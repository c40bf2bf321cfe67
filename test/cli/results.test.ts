import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { type TestRepository, testRepository } from '../runtime/worktrees/repository.ts';
import { PostgresServer, postgresOrSkip } from '../support/postgres-server.ts';
import { tempFolder, until } from '../support/temp-folder.ts';
import { type Cli, cli, type Running } from './cli.ts';

interface Listed {
  readonly tasks: { readonly number: number; readonly status: string }[];
}

/** A checkout of the remote on one of several machines, which share a store. */
class Machine {
  readonly repository: TestRepository;
  private readonly cli: Cli;
  private worker: Running | undefined;

  constructor(context: TestContext, remote: string, url: string) {
    const folder = tempFolder(context);
    this.repository = testRepository(folder, false);
    this.repository.git('clone', '--quiet', `file://${remote}`, '.');
    this.repository.git('config', 'user.name', 'Ada');
    this.repository.git('config', 'user.email', 'ada@example.com');
    this.cli = cli(context, folder, undefined, { SYSTEMPROMPT_STORE: url });
  }

  /** Runs a command that must succeed. */
  ok(...words: string[]): Promise<string> {
    return this.cli.ok(...words);
  }

  run(...words: string[]): ReturnType<Cli> {
    return this.cli(...words);
  }

  async status(number: number): Promise<string | undefined> {
    const { tasks } = await this.cli.json<Listed>('task', 'list');
    return tasks.find((task) => task.number === number)?.status;
  }

  /** Adds a task with a shell script. */
  add(title: string, script: string, ...more: string[]): Promise<string> {
    return this.ok('task', 'create', title, '--assigned-to', 'SHELL', '--instructions', script, ...more);
  }

  async startWorker(): Promise<Running> {
    const worker = this.cli.start('worker');
    this.worker = worker;
    await until('the worker runs', () => worker.stdout().includes('runs the tasks'));
    return worker;
  }

  async stopWorker(): Promise<void> {
    this.worker?.child.kill('SIGTERM');
    await this.worker?.finished;
  }

  /** Runs a task with a worker of this machine alone. */
  async runs(number: number): Promise<void> {
    await this.startWorker();
    await this.ok('task', 'start', String(number));
    await this.ok('task', 'watch', String(number));
    await this.stopWorker();
    assert.equal(await this.status(number), 'completed', this.worker?.stdout());
  }

  read(name: string): string {
    return readFileSync(join(this.repository.folder, name), 'utf8');
  }

  has(name: string): boolean {
    return existsSync(join(this.repository.folder, name));
  }
}

describe('results of several machines', { skip: await postgresOrSkip() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.start();
  });
  after(() => server.end());

  async function machines(context: TestContext): Promise<{ remote: TestRepository; url: string; machine(): Machine }> {
    const first = testRepository(tempFolder(context));
    first.commit({ 'README.md': 'shop\n' });
    const folder = tempFolder(context);
    const remote = testRepository(folder, false);
    remote.git('init', '--quiet', '--bare', '--initial-branch=main');
    first.git('push', '--quiet', folder, 'main');
    const url = await server.store();
    return { remote, url, machine: () => new Machine(context, folder, url) };
  }

  const refs = (remote: TestRepository): string[] =>
    remote
      .git('for-each-ref', '--format=%(refname)')
      .split('\n')
      .filter((ref) => !ref.includes('/checkpoints/'));

  it('runs a dependent task on another machine; a third one shows, merges and discards the work', async (context) => {
    const { remote, machine } = await machines(context);
    const [one, two, three] = [machine(), machine(), machine()];
    await one.add('First', 'echo one > one.txt');
    await one.add('Second', 'cat one.txt > two.txt; echo two >> two.txt', '--depends-on', '1');
    await one.add('Third', 'echo three > three.txt');
    await one.runs(1);
    await one.runs(3);
    await two.runs(2);
    assert.deepEqual(refs(remote), [
      'refs/heads/main',
      'refs/systemprompt/results/1',
      'refs/systemprompt/results/2',
      'refs/systemprompt/results/3',
    ]);
    const diff = await three.ok('task', 'diff', '2');
    assert.match(diff, /two\.txt/);
    assert.doesNotMatch(diff, /a\/one\.txt/);
    await three.ok('task', 'merge', '2', '--with-dependencies');
    assert.equal(three.read('two.txt'), 'one\ntwo\n');
    assert.equal(three.read('one.txt'), 'one\n');
    await three.ok('task', 'discard', '3', '--yes');
    assert.equal(three.has('three.txt'), false);
    // The machine that ran it learns it from the store, and its worktree can go.
    await one.ok('worktrees', '--clean');
    assert.deepEqual(one.repository.git('worktree', 'list', '--porcelain').match(/^worktree /gm)?.length, 1);
    assert.match(await two.ok('task', 'diff', '3'), /three\.txt/);
  });

  it('starts a dependent from work that was merged on another machine and not pushed', async (context) => {
    const { machine } = await machines(context);
    const [one, two] = [machine(), machine()];
    await one.add('First', 'echo one > one.txt');
    await one.add('Second', 'cat one.txt > two.txt', '--depends-on', '1');
    await one.runs(1);
    await one.ok('task', 'merge', '1');
    await two.runs(2);
    await one.ok('task', 'merge', '2');
    assert.equal(one.read('two.txt'), 'one\n');
  });

  it('runs tasks in a clone that a worker makes of the address of a repository', async (context) => {
    const { remote, url, machine } = await machines(context);
    const one = machine();
    await one.add('First', 'echo one > one.txt');
    const folder = tempFolder(context);
    const state = tempFolder(context);
    const elsewhere = cli(context, folder, undefined, {
      SYSTEMPROMPT_STORE: url,
      XDG_STATE_HOME: state,
      GIT_AUTHOR_NAME: 'Ada',
      GIT_AUTHOR_EMAIL: 'ada@example.com',
      GIT_COMMITTER_NAME: 'Ada',
      GIT_COMMITTER_EMAIL: 'ada@example.com',
    });
    const worker = elsewhere.start('worker', '--repo', `file://${remote.folder}`, '--agents', 'SHELL');
    await until('the worker runs', () => worker.stdout().includes('runs the tasks'));
    assert.match(worker.stdout(), /Cloning file:.* into .*systemprompt\/checkouts/);
    await one.ok('task', 'start', '1');
    await one.ok('task', 'watch', '1');
    worker.child.kill('SIGTERM');
    await worker.finished;
    assert.deepEqual(existsSync(join(folder, '.git')), false, 'the folder of the command stays as it is');
    await one.ok('task', 'merge', '1');
    assert.equal(one.read('one.txt'), 'one\n');
  });

  it('restores a checkpoint on another machine', async (context) => {
    const { machine } = await machines(context);
    const [one, two] = [machine(), machine()];
    await one.add('First', 'echo one > one.txt');
    await one.runs(1);
    await one.ok('task', 'checkpoint', '1', 'Good');
    await two.ok('task', 'restore', '1', '1');
    const [, folder = ''] =
      /^worktree (.*)$/m.exec(two.repository.git('worktree', 'list', '--porcelain').split('\n\n')[1] ?? '') ?? [];
    assert.equal(readFileSync(join(folder, 'one.txt'), 'utf8'), 'one\n');
  });
});
