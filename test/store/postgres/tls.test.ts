import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { Database } from '../../../src/store/postgres/database.ts';
import { parseTarget } from '../../../src/store/postgres/target.ts';
import { PostgresServer, postgresOrSkip } from '../../support/postgres-server.ts';

const asked = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()';

describe('TLS of PostgreSQL', { skip: await postgresOrSkip() }, () => {
  let [secure, plain]: (PostgresServer | undefined)[] = [];
  before(async () => {
    [secure, plain] = await Promise.all([PostgresServer.start({ tls: true }), PostgresServer.start()]);
  });
  after(() => Promise.all([secure?.end(), plain?.end()]));

  /** Whether the server sees an encrypted connection. */
  async function isEncrypted(url: string): Promise<boolean | undefined> {
    const database = new Database(parseTarget(url));
    try {
      return (await database.query<{ ssl: boolean }>(asked))[0]?.ssl;
    } finally {
      await database.close();
    }
  }
  const at = (server: PostgresServer | undefined, mode?: string): string =>
    `${server?.url()}${mode === undefined ? '' : `&sslmode=${mode}`}`;

  it('is off for this machine, and on for every other address', () => {
    assert.equal(parseTarget(at(secure)).tls, 'off');
    for (const host of ['db.example.com', '10.0.0.7', '127.0.0.1.example.com', '[fd00::1]', 'localhost.example.com']) {
      assert.equal(parseTarget(`postgres://ada@${host}/tasks`).tls, 'verify', host);
    }
  });

  it('refuses a certificate that no known authority signed, and names the variable that trusts it', async () => {
    await assert.rejects(isEncrypted(at(secure, 'verify-full')), (error: Error & { next?: { text: string }[] }) => {
      assert.match(error.message, /self-signed certificate/);
      assert.match(JSON.stringify(error.next), /NODE_EXTRA_CA_CERTS/);
      return true;
    });
  });

  it('encrypts without a check on request', async () => {
    assert.equal(await isEncrypted(at(secure, 'no-verify')), true);
    assert.equal(await isEncrypted(at(secure, 'disable')), false);
  });

  it('trusts the authority of NODE_EXTRA_CA_CERTS', async () => {
    const script = `
      import { Database } from '${new URL('../../../src/store/postgres/database.ts', import.meta.url)}';
      import { parseTarget } from '${new URL('../../../src/store/postgres/target.ts', import.meta.url)}';
      const database = new Database(parseTarget(process.argv[1]));
      console.log(JSON.stringify(await database.query('${asked}')));
      await database.close();`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', script, at(secure, 'verify-full')],
      { env: { ...process.env, NODE_EXTRA_CA_CERTS: secure?.certificate } },
    );
    assert.equal(stdout.trim(), '[{"ssl":true}]');
  });

  it('sends nothing to a server without TLS when TLS is demanded', async () => {
    await assert.rejects(isEncrypted(at(plain, 'verify-full')), (error: Error & { next?: unknown }) => {
      assert.match(error.message, /does not support SSL/);
      assert.match(JSON.stringify(error.next), /sslmode=disable/);
      return true;
    });
  });
});
