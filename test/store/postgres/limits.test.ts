import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it, type TestContext } from 'node:test';
import { PostgresRepository } from '../../../src/store/postgres/postgres-repository.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { PostgresServer, postgresOrSkip } from '../../support/postgres-server.ts';
import { tempFolder, until } from '../../support/temp-folder.ts';

const LOGS = 10;
/** Lines of all logs: a million in the long run. */
const LINES = Number(process.env['CHAOS'] ?? 1) > 1 ? 1_000_000 : 50_000;
const BURST = 500;

describe('large input in PostgreSQL', { skip: await postgresOrSkip() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.start();
  });
  after(() => server.end());

  async function opened(context: TestContext, url: string): Promise<TaskStore> {
    const folder = tempFolder(context);
    const store = await TaskStore.open({ folder, repository: new PostgresRepository({ url, folder }) });
    context.after(() => store.close());
    return store;
  }

  it('refuses a description of 5 MB, and keeps the longest possible one unchanged', async (context) => {
    const url = await server.store();
    const store = await opened(context, url);
    const { id } = await store.createTask({ title: 'Large' });
    await assert.rejects(store.updateTask(id, { description: 'x'.repeat(5_000_000) }), { code: 'TooLarge' });
    const description = 'ä"\n\\'.repeat(250_000);
    await store.updateTask(id, { description });
    const other = await opened(context, url);
    assert.equal(other.resolve(id).description, description);
    assert.equal((await store.createTask({ title: 'Small' })).number, 2);
  });

  it(`takes ${LINES} lines of ${LOGS} tasks while other clients change tasks`, {
    timeout: 30 * 60_000,
  }, async (context) => {
    const url = await server.store();
    const flooding = await opened(context, url);
    const tasks = await Promise.all(Array.from({ length: LOGS }, (_, at) => flooding.createTask({ title: `${at}` })));
    let changes = 0;
    const child = spawn(process.execPath, [join(import.meta.dirname, 'creating-client.ts'), url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    context.after(() => void child.kill('SIGKILL'));
    createInterface({ input: child.stdout }).on('line', () => {
      changes += 1;
    });
    await until('the other client is at work', () => changes > 0);
    const each = LINES / LOGS;
    await Promise.all(
      tasks.map(async ({ id }) => {
        for (let from = 0; from < each; from += BURST) {
          await Promise.all(Array.from({ length: BURST }, (_, at) => flooding.addLog(id, `line ${from + at}`)));
        }
      }),
    );
    child.kill('SIGKILL');
    context.diagnostic(`${changes} changes of another process meanwhile`);
    assert.ok(changes > BURST / LOGS, `${changes} changes`);
    const other = await opened(context, url);
    for (const { id } of tasks) {
      const { entries } = await other.getLogs(id, { limit: 1_000_000 });
      const lines = entries.filter(({ message }) => message.startsWith('line '));
      assert.deepEqual(
        lines.map(({ message }) => message),
        Array.from({ length: each }, (_, at) => `line ${at}`),
      );
    }
  });
});
