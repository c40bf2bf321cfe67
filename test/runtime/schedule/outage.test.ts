import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { requestStart } from '../../../src/core/task/start.ts';
import { PostgresRepository } from '../../../src/store/postgres/postgres-repository.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { PostgresServer, postgresOrSkip } from '../../support/postgres-server.ts';
import { tempFolder, until } from '../../support/temp-folder.ts';

const main = process.env.TEST_CLI ?? fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

describe('a worker whose database does not answer for a while', { skip: await postgresOrSkip() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.start();
  });
  after(() => server.end());

  interface Bench {
    readonly folder: string;
    readonly store: TaskStore;
    readonly worker: ChildProcess;
    readonly output: () => string;
    start(script: string): Promise<string>;
    status(id: string): Promise<string | undefined>;
  }

  async function bench(context: TestContext): Promise<Bench> {
    const [folder, url] = [tempFolder(context), await server.store()];
    const store = await TaskStore.open({ folder, repository: new PostgresRepository({ url }) });
    context.after(() => store.close());
    const env = { ...process.env, SYSTEMPROMPT_STORE: url };
    const args = [main, 'worker', '--agents', 'SHELL', '-C', folder];
    const worker = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    context.after(() => worker.kill('SIGKILL'));
    let output = '';
    for (const stream of [worker.stdout, worker.stderr]) stream.on('data', (data) => (output += String(data)));
    await until('the worker is ready', () => output.includes('runs the tasks of'));
    return {
      folder,
      store,
      worker,
      output: () => output,
      async start(instructions) {
        const { id } = await store.createTask({ title: 'Do it', tool: 'SHELL', instructions });
        await store.transact('test.start', (draft) => {
          draft.patch(id, requestStart(draft.require(id), draft.at));
        });
        return id;
      },
      async status(id) {
        await store.refresh().catch(() => {});
        return store.view.byId(id)?.status;
      },
    };
  }

  const noticed = (output: () => string): Promise<void> =>
    until('the worker notices', () => output().includes('PostgreSQL is offline'));

  it('runs the tasks that come after it', async (context) => {
    const { worker, output, start, status } = await bench(context);
    await server.stop('SIGQUIT');
    await until('a pass fails', () => output().includes('could not look for work'));
    await server.boot();
    await until('the store answers', () => start('echo later').then(Boolean, () => false));
    const id = await start('echo later');
    await until('the task runs', async () => (await status(id)) === 'completed');
    assert.equal(worker.exitCode, null);
  });

  it('records the outcome and the log of a run that ended in the meantime', async (context) => {
    const { folder, store, output, start, status } = await bench(context);
    const [go, done] = [join(folder, 'go'), join(folder, 'done')];
    const lines = 'for n in $(seq 1 50); do echo "line $n"; done';
    const id = await start(`echo begun; while [ ! -e ${go} ]; do sleep 0.1; done; ${lines}; touch ${done}`);
    const messages = async (): Promise<string[]> => (await store.getLogs(id)).entries.map(({ message }) => message);
    await until('the script runs', async () => (await messages()).includes('begun'));
    await server.stop('SIGQUIT');
    await noticed(output);
    writeFileSync(go, '');
    await until('the script ends', () => existsSync(done));
    await server.boot();
    await until('the outcome is recorded', async () => (await status(id)) === 'completed');
    const wanted = Array.from({ length: 50 }, (_, n) => `line ${n + 1}`);
    await until('the log is complete', async () => (await messages()).includes('line 50'));
    assert.deepEqual(
      (await messages()).filter((message) => message.startsWith('line ')),
      wanted,
    );
    assert.equal(store.view.byId(id)?.executions.length, 1);
  });

  it('ends at SIGTERM without an answer', async (context) => {
    const { worker, output, start, status } = await bench(context);
    const id = await start('sleep 1000');
    await until('the script runs', async () => (await status(id)) === 'in_progress');
    await server.stop('SIGQUIT');
    await noticed(output);
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.kill('SIGTERM');
    await ended;
    assert.doesNotMatch(output(), /\n {4}at /);
    await server.boot();
  });
});
