import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TaskError } from '../../../src/core/errors.ts';
import { PostgresRepository } from '../../../src/store/postgres/postgres-repository.ts';
import { parseTarget, shownTarget } from '../../../src/store/postgres/target.ts';

describe('the address of a PostgreSQL store', () => {
  it('names server, database and store, and needs TLS except for this machine', () => {
    const far = parseTarget('postgres://ada@db.example.com:6543/tasks?store=shop');
    assert.deepEqual(far, {
      host: 'db.example.com',
      port: 6543,
      user: 'ada',
      password: undefined,
      database: 'tasks',
      tls: 'verify',
      store: 'shop',
    });
    assert.equal(parseTarget('postgres://127.0.0.1/tasks').tls, 'off');
    assert.equal(parseTarget('postgres://[::1]/tasks').tls, 'off');
    assert.equal(parseTarget('postgres://[::1]:6543/tasks').port, 6543);
    assert.equal(parseTarget('postgres:///tasks').host, undefined);
    assert.equal(parseTarget('postgres://127.0.0.1.example.com/tasks').tls, 'verify');
    assert.equal(parseTarget('postgres://db/tasks?sslmode=disable').tls, 'off');
    assert.equal(parseTarget('postgresql://db/tasks').store, 'default');
  });

  const wrong = {
    'mysql://ada:s3cret@db/tasks': /does not start with postgres:/,
    'ada:s3cret@db': /does not start with postgres:/,
    'postgres://ada:s3cret@db/tasks?stor=shop': /unknown parameter "stor"/,
    'postgres://ada:s3cret@db/tasks?store=a/b': /name of the store/,
    'postgres://ada:s3cret@db/tasks?sslmode=prefer': /sslmode must be verify-full, no-verify or disable/,
    'postgres://ada:s3cret%zz@db/tasks': /% that starts no escape/,
    'postgres://ada:s3cret@db:70000/tasks': /the port is not a number from 1 to 65535/,
    'postgres://ada:s3cret@db:0/tasks': /the port is not/,
    'postgres://ada:s3cret@db:5432x?store=shop': /the port is not/,
    'postgres://ada:s3cret@[::1]:x/tasks': /the port is not/,
    'postgres://ada:s3cret@a b/tasks': /name of its host/,
    'postgres://ada:s3cret/#@db/tasks': /is not escaped/,
    'postgres://ada:1/s3cret@db/tasks': /is not escaped/,
  };
  for (const [url, message] of Object.entries(wrong)) {
    it(`refuses ${url.replace('s3cret', '…')} without showing the password`, () => {
      assert.throws(
        () => new PostgresRepository({ url }),
        (error) =>
          TaskError.is(error, 'InvalidInput') &&
          message.test(error.message) &&
          !JSON.stringify([error, error.message, error.stack]).includes('s3cret'),
      );
    });
  }

  it('shows a target and a failure without the password', async () => {
    const url = 'postgres://ada:s3cret@127.0.0.1:1/tasks?store=shop';
    assert.equal(shownTarget(parseTarget(url)), 'store "shop" in database "tasks" on 127.0.0.1:1');
    const failed = await new PostgresRepository({ url }).open({ changed() {}, logged() {} }).catch((error) => error);
    assert.ok(TaskError.is(failed, 'StoreNotWritable'));
    assert.ok(!JSON.stringify([failed, failed.message, failed.stack]).includes('s3cret'));
  });
});
