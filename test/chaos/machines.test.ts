import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TaskRecord } from '../../src/core/task/schema.ts';
import { requestStart, restart } from '../../src/core/task/start.ts';
import { PostgresRepository } from '../../src/store/postgres/postgres-repository.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { cli } from '../cli/cli.ts';
import { type TestRepository, testRepository } from '../runtime/worktrees/repository.ts';
import { asMachine, namespacesOrSkip } from '../support/namespaces.ts';
import { PostgresServer, postgresOrSkip } from '../support/postgres-server.ts';
import { tempFolder, until } from '../support/temp-folder.ts';
import { mulberry } from './support/plan.ts';

const rounds = Number(process.env['CHAOS'] ?? 0);
const TASKS = rounds === 0 ? 12 : 40 * rounds;
const KILLS = rounds === 0 ? 2 : 20 * rounds;
const MACHINES = 4;
const main = process.env.TEST_CLI ?? fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** The tasks before a task whose files it reads: chains that are joined now and then. */
const needs = (n: number): number[] => (n % 5 === 0 ? [n - 4, n - 3] : [n - 4]).filter((before) => before >= 0);

/** A checkout with a worker in namespaces of its own. It reaches the database by a socket in the file system. */
class Machine {
  readonly repository: TestRepository;
  readonly env: NodeJS.ProcessEnv;
  output = '';
  private readonly name: string;
  private worker: ChildProcess | undefined;

  constructor(context: TestContext, name: string, remote: string, env: NodeJS.ProcessEnv) {
    this.name = name;
    const folder = tempFolder(context);
    this.repository = testRepository(folder, false);
    this.repository.git('clone', '--quiet', `file://${remote}`, '.');
    this.repository.git('config', 'user.name', name);
    this.repository.git('config', 'user.email', `${name}@example.com`);
    this.env = { ...process.env, ...env, HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  }

  start(): void {
    const [program, args] = asMachine([process.execPath, main, 'worker', '--agents', 'SHELL', '--parallel', '2']);
    const worker = spawn(program, args, {
      cwd: this.repository.folder,
      env: this.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const note = (data: Buffer): void => {
      this.output += data.toString().replace(/^/gm, `${this.name}: `);
    };
    worker.stdout.on('data', note);
    worker.stderr.on('data', note);
    this.worker = worker;
  }

  get isOn(): boolean {
    return this.worker?.exitCode === null && this.worker.signalCode === null;
  }

  /** Ends all processes of the machine at once. */
  async kill(): Promise<void> {
    const { worker } = this;
    if (worker === undefined || worker.exitCode !== null) return;
    const ended = new Promise((resolve) => worker.once('close', resolve));
    worker.kill('SIGKILL');
    await ended;
  }
}

describe('machines with one host name, each with its own network and processes (G1, G3, G5)', {
  skip: (await postgresOrSkip()) || namespacesOrSkip(),
}, () => {
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.start();
  });
  after(() => server.end());

  it(`run each of ${TASKS} tasks once, in order, and merge the results (${KILLS} kills)`, {
    timeout: 60 * 60_000,
  }, async (context) => {
    const first = testRepository(tempFolder(context));
    first.commit({ 'README.md': 'shop\n' });
    const remote = tempFolder(context);
    testRepository(remote, false).git('init', '--quiet', '--bare', '--initial-branch=main');
    first.git('push', '--quiet', remote, 'main');
    const url = await server.store();
    const local = `postgres:///postgres?store=${new URL(url).searchParams.get('store')}`;
    const ledger = join(tempFolder(context), 'effects');
    const machines = Array.from(
      { length: MACHINES },
      (_, at) => new Machine(context, `machine-${at}`, remote, { ...server.local, SYSTEMPROMPT_STORE: local }),
    );
    const [one] = machines;
    assert.ok(one);
    context.after(() => Promise.all(machines.map((machine) => machine.kill())));
    const repository = new PostgresRepository({ url, folder: one.repository.folder });
    const store = await TaskStore.open({ folder: one.repository.folder, repository });
    context.after(() => store.close());

    const ids: string[] = [];
    for (let n = 0; n < TASKS; n += 1) {
      const read = needs(n).map((before) => `test -f ${before}.txt || exit 3`);
      const task = await store.createTask({
        title: `task ${n}`,
        tool: 'SHELL',
        instructions: [...read, `echo ${n} >> ${ledger}`, 'sleep 0.5', `echo ${n} > ${n}.txt`].join('\n'),
        dependsOn: needs(n).map((before) => ids[before] ?? ''),
      });
      ids.push(task.id);
    }
    const tasks = (): TaskRecord[] => ids.map((id) => store.resolve(id));
    const change = (seen: TaskRecord, action: (task: TaskRecord, at: string) => object): Promise<void> =>
      store.transact('test', (draft) => {
        const task = draft.require(seen.id);
        if (task.revision === seen.revision) draft.patch(task.id, action(task, draft.at));
      });
    for (const task of tasks()) await change(task, requestStart);

    const random = mulberry(Date.now());
    for (const machine of machines) machine.start();
    let killed = 0;
    for (;;) {
      await store.refresh();
      for (const machine of machines) assert.ok(machine.isOn, `a worker ended: ${machine.output.slice(-2_000)}`);
      if (tasks().every(({ status, lease }) => status === 'completed' && lease === undefined)) break;
      for (const task of tasks()) {
        const waits = task.status === 'paused' && task.queued_at === undefined && task.lease === undefined;
        if (task.status === 'failed' && task.lease === undefined) await change(task, restart);
        else if (waits) await change(task, requestStart);
      }
      await delay(1_000 + random() * 4_000);
      const victim = machines[Math.floor(random() * MACHINES)];
      const works = tasks().some(({ lease }) => lease !== undefined);
      if (killed < KILLS && works && victim !== undefined) {
        await victim.kill();
        victim.start();
        killed += 1;
      }
    }
    context.diagnostic(
      `${killed} kills, ${tasks().reduce((sum, { executions }) => sum + executions.length, 0)} executions`,
    );

    const effects = readFileSync(ledger, 'utf8').trim().split('\n').map(Number);
    tasks().forEach((task, n) => {
      const ended = task.history.filter(({ to }) => to === 'completed');
      assert.equal(ended.length, 1, `#${task.number} was completed ${ended.length} times`);
      const times = effects.filter((each) => each === n).length;
      assert.ok(times >= 1 && times <= task.executions.length, `#${task.number}: ${times} effects`);
      for (const before of needs(n)) {
        assert.ok(effects.lastIndexOf(before) < effects.indexOf(n), `task ${n} ran before task ${before} had ended`);
      }
    });

    const here = cli(context, one.repository.folder, undefined, one.env);
    for (const { number } of tasks().slice(-4)) await here.ok('task', 'merge', String(number), '--with-dependencies');
    for (let n = 0; n < TASKS; n += 1) {
      assert.equal(readFileSync(join(one.repository.folder, `${n}.txt`), 'utf8'), `${n}\n`);
    }
    assert.ok(existsSync(join(one.repository.folder, 'README.md')));
    await until('no lease is left', () => tasks().every(({ lease }) => lease === undefined));
  });
});
