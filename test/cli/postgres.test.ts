import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PostgresServer, postgresOrSkip } from '../support/postgres-server.ts';
import { until } from '../support/temp-folder.ts';
import { type Cli, cli } from './cli.ts';

interface Listed {
  readonly tasks: { readonly number: number; readonly title: string; readonly status: string }[];
}
interface StoreStatus {
  readonly place: string;
  readonly shared: boolean;
  readonly status: {
    readonly workers: {
      readonly pid: number;
      readonly agents: string[] | null;
      readonly max_parallel: number | null;
    }[];
  };
}

/** Ends the background workers that the commands of a folder started; they are in the database, and not in files. */
async function endWorkers(here: Cli, url: string, others = 0): Promise<void> {
  const pids = async (): Promise<number[]> =>
    (await here.json<StoreStatus>('--store', url, 'store', 'status')).status.workers.map(({ pid }) => pid);
  const own = (await pids()).slice(0, 1);
  for (const pid of own) process.kill(pid, 'SIGTERM');
  await until('the worker has ended', async () => (await pids()).length === others);
}

describe('the command line with PostgreSQL', { skip: await postgresOrSkip() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.start();
  });
  after(() => server.end());

  it('creates a store, runs a task in it and shows it in another folder', async (context) => {
    const [here, there] = [cli(context), cli(context)];
    const url = server.url('cli');
    assert.match(await here.ok('store', 'init', url), /^Created store "cli" in database "postgres"/);
    await here.ok('--store', url, 'task', 'create', 'Say hello', '--assigned-to', 'SHELL', '--instructions', 'echo hi');
    await here.ok('--store', url, 'task', 'start', '1');
    await here.ok('--store', url, 'task', 'watch', '1');
    const listed = await there.json<Listed>('--store', url, 'task', 'list');
    assert.deepEqual(
      listed.tasks.map(({ number, title, status }) => [number, title, status]),
      [[1, 'Say hello', 'completed']],
    );
    assert.match(await there.ok('--store', url, 'task', 'logs', '1'), /hi/);
    const state = await there.json<StoreStatus>('--store', url, 'store', 'status');
    assert.equal(state.shared, true);
    assert.match(state.place, /^store "cli" in database "postgres" on 127\.0\.0\.1/);
    assert.deepEqual(
      state.status.workers.map(({ agents }) => agents?.includes('SHELL')),
      [true],
    );
    assert.deepEqual((await here.json<Listed>('task', 'list')).tasks, []);
    await endWorkers(here, url);
  });

  it('copies the tasks of a folder into a database and back', async (context) => {
    const here = cli(context);
    const url = server.url('copied');
    await here.ok('task', 'create', 'Kept');
    await here.ok('store', 'init', url);
    const copied = await here.ok('store', 'migrate', '--to', url);
    assert.match(copied, /^Copied 1 task with 1 log entry to store "copied"/);
    assert.match(copied, /^Nothing changed in the files of .*\.systemprompt\. Stop using the tasks there\.$/m);
    assert.deepEqual(
      (await here.json<Listed>('--store', url, 'task', 'list')).tasks.map(({ title }) => title),
      ['Kept'],
    );
    const again = await here('store', 'migrate', '--to', url);
    assert.equal(again.code, 2);
    assert.match(again.stderr, /The target has a task already/);
    const back = cli(context);
    await back.ok('store', 'migrate', '--from', url, '--to', 'files');
    assert.deepEqual(
      (await back.json<Listed>('task', 'list')).tasks.map(({ title }) => title),
      ['Kept'],
    );
  });

  it('uses the store of the settings after a confirmation', async (context) => {
    const here = cli(context, undefined, undefined, { TASKS_DB: await server.store() });
    mkdirSync(join(here.folder, '.systemprompt'));
    writeFileSync(join(here.folder, '.systemprompt', 'config.json'), '{"store":{"url":"env:TASKS_DB"}}');
    assert.equal((await here.json<StoreStatus>('store', 'status')).shared, false);
    const digest = /systemprompt agents --confirm (\w+)/.exec(await here.ok('agents'))?.[1] ?? '';
    await here.ok('agents', '--confirm', digest);
    assert.equal((await here.json<StoreStatus>('store', 'status')).shared, true);
  });

  it('runs only the tasks of the named agents, and another worker runs the others', async (context) => {
    const here = cli(context);
    const url = await server.store();
    await here.ok('--store', url, 'task', 'create', 'Script', '--assigned-to', 'SHELL', '--instructions', 'true');
    const limited = here.start('--store', url, 'worker', '--agents', 'codex', '--parallel', '3');
    context.after(() => limited.child.kill('SIGKILL'));
    await until('the worker runs', () => limited.stdout().includes('runs the tasks'));
    await here.ok('--store', url, 'task', 'start', '1');
    await here.ok('--store', url, 'task', 'watch', '1');
    limited.child.kill('SIGTERM');
    await limited.finished;
    assert.doesNotMatch(limited.stdout(), /#1/);
    await endWorkers(here, url);
  });

  it('leaves a task to the worker whose repository has the branch that it needs', async (context) => {
    const [here, there] = [cli(context), cli(context)];
    for (const { folder } of [here, there]) {
      const git = (...args: string[]): unknown => execFileSync('git', args, { cwd: folder, stdio: 'pipe' });
      git('init', '--quiet');
      git(
        '-c',
        'user.name=Ada',
        '-c',
        'user.email=ada@example.com',
        'commit',
        '--quiet',
        '--allow-empty',
        '-m',
        'start',
      );
    }
    const url = await server.store();
    const add = (title: string, script: string, ...more: string[]): Promise<string> =>
      here.ok('--store', url, 'task', 'create', title, '--assigned-to', 'SHELL', '--instructions', script, ...more);
    await add('First', 'echo one > one.txt');
    await add('Second', 'cat one.txt', '--depends-on', '1');
    await here.ok('--store', url, 'task', 'start', '1');
    await here.ok('--store', url, 'task', 'watch', '1');
    const other = there.start('--store', url, 'worker');
    context.after(() => other.child.kill('SIGKILL'));
    await until('the other worker runs', () => other.stdout().includes('runs the tasks'));
    await endWorkers(here, url, 1);
    await there.ok('--store', url, 'queue', 'play');
    await until('the other worker leaves it', () =>
      other
        .stdout()
        .includes(
          '#2 waits for a worker in the repository that has the branch of #1: this repository has no remote for results.',
        ),
    );
    await here.ok('--store', url, 'worker', '--idle-exit', '2');
    const { tasks } = await here.json<Listed>('--store', url, 'task', 'list');
    assert.deepEqual(
      tasks.map(({ status }) => status),
      ['completed', 'completed'],
    );
    other.child.kill('SIGTERM');
    await other.finished;
  });

  it('refuses a worker, a playing queue and a new store in a newer schema', async (context) => {
    const here = cli(context);
    await server.sql('create database newer');
    const url = server.url('default', 'newer');
    await here.ok('store', 'init', url);
    await server.sql('insert into systemprompt.migration (version) values (1000)', 'newer');
    for (const words of [
      ['--store', url, 'worker', '--agents', 'SHELL'],
      ['--store', url, 'queue', 'play'],
      ['store', 'init', url],
    ]) {
      const { code, stdout, stderr } = await here(...words);
      assert.deepEqual([code, stdout], [4, '']);
      assert.match(stderr, /newer version.*\n +Update SystemPrompt Tasks on this machine/);
    }
  });

  it('reports a server that is down, and no password', async (context) => {
    const here = cli(context, undefined, undefined, { SYSTEMPROMPT_STORE: 'postgres://ada:s3cret@127.0.0.1:1/tasks' });
    const { code, stderr } = await here('task', 'list');
    assert.equal(code, 1);
    assert.match(stderr, /PostgreSQL is offline/);
    assert.doesNotMatch(stderr, /s3cret/);
  });
});
