import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Logger } from '../../../src/core/logger.ts';
import { type Host, openHost } from '../../../src/host.ts';
import { operations } from '../../../src/operations/all.ts';
import { livingWorkers } from '../../../src/runtime/liveness/presence.ts';
import { passwordKey } from '../../../src/runtime/settings/store-password.ts';
import { StorePasswords } from '../../../src/vscode/folders/store-passwords.ts';
import { PostgresServer, postgresOrSkip } from '../../support/postgres-server.ts';
import { tempFolder, until } from '../../support/temp-folder.ts';

const PASSWORD = 's3cret-of-ada';
const main = process.env.TEST_CLI ?? fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

describe('a password from a safe place', { skip: await postgresOrSkip() }, () => {
  let server: PostgresServer;
  let url: string;
  before(async () => {
    server = await PostgresServer.start();
    await server.guard('ada', PASSWORD);
    url = (await server.store()).replace('postgres@', 'ada@');
  });
  after(() => server.end());

  async function opened(
    context: TestContext,
    folder: string,
    password: string | undefined,
  ): Promise<{ host: Host; lines: string[] }> {
    const lines: string[] = [];
    const write = (text: string, details?: unknown): void => void lines.push(`${text} ${String(details)}`);
    const logger: Logger = { debug: write, info: write, warn: write, error: write };
    const workerCommand = { command: process.execPath, args: [main] };
    const storePassword = async (): Promise<string | undefined> => password;
    const host = await openHost({ folder, actor: 'Ada', storeAddress: url, storePassword, workerCommand, logger });
    context.after(() => host.close());
    return { host, lines };
  }

  it('opens the store; a wrong or missing one is refused without showing it', async (context) => {
    const folder = tempFolder(context);
    await opened(context, folder, PASSWORD);
    for (const wrong of ['wrong-one', undefined]) {
      await assert.rejects(opened(context, folder, wrong), (error: Error & { next?: unknown }) => {
        assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, /wrong-one/);
        return true;
      });
    }
  });

  it('reaches the background worker, and neither its agents nor a file or a log', async (context) => {
    const folder = tempFolder(context);
    const { host, lines } = await opened(context, folder, PASSWORD);
    const { id } = await host.store.createTask({ title: 'Look', tool: 'SHELL', instructions: 'env; echo looked' });
    await operations['task.start'].run(host, { tasks: [id] });
    await until('the task has ended', () => host.store.view.byId(id)?.status === 'completed');
    for (const { pid } of await livingWorkers(host.store.coordination)) process.kill(pid, 'SIGTERM');
    await until('the worker has ended', async () => (await livingWorkers(host.store.coordination)).length === 0);
    const { entries } = await host.store.getLogs(id);
    assert.ok(entries.some(({ message }) => message.includes('looked')));
    assert.doesNotMatch(JSON.stringify(entries), /s3cret|STORE_PASSWORD/);
    assert.doesNotMatch(lines.join('\n'), /s3cret/);
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const path = join(folder, name);
      if (statSync(path).isFile()) assert.doesNotMatch(readFileSync(path, 'latin1'), /s3cret/, name);
    }
  });
});

describe('saved passwords', () => {
  it('are for a server, database and user, in any store of it', async () => {
    const saved = new Map<string, string>();
    const passwords = new StorePasswords({
      get: async (key) => saved.get(key),
      store: async (key, value) => void saved.set(key, value),
      delete: async (key) => void saved.delete(key),
    });
    assert.equal(await passwords.set('postgres://ada@db/tasks?store=shop', PASSWORD), true);
    assert.equal(await passwords.get('postgres://ada@db/tasks?store=site&sslmode=verify-full'), PASSWORD);
    for (const other of ['postgres://ada@other/tasks', 'postgres://eve@db/tasks', 'postgres://ada@db:99/tasks']) {
      assert.equal(await passwords.get(other), undefined, other);
    }
    assert.equal(await passwords.set('postgres://ada:own@db/tasks', 'x'), false);
    assert.doesNotMatch(passwordKey('postgres://ada:own@db/tasks') ?? '', /own/);
    await passwords.set('postgres://ada@db/tasks', undefined);
    assert.equal(saved.size, 0);
  });
});
