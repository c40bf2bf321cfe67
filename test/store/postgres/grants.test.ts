import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { TaskError } from '../../../src/core/errors.ts';
import { stepSentence } from '../../../src/core/next-step.ts';
import { PostgresRepository } from '../../../src/store/postgres/postgres-repository.ts';
import { create } from '../../contract/repository/bench.ts';
import { PostgresServer, postgresOrSkip } from '../../support/postgres-server.ts';

describe('permissions in PostgreSQL', { skip: await postgresOrSkip() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.start();
  });
  after(() => server.end());

  it('names the object of a missing permission, and the statement that grants it', async () => {
    const url = (await server.store()).replace('postgres@', 'stranger@');
    await server.sql('create role stranger login; revoke all on schema public from public');
    const refusal = async (call: () => Promise<unknown>): Promise<{ message: string; grant: string }> => {
      const error = await call().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      assert.ok(TaskError.is(error, 'StoreNotWritable'), String(error));
      const grant = error.next.map(stepSentence).join('\n').split('\n').slice(1).join('\n');
      await server.sql(grant.replaceAll('USER', 'stranger'));
      return { message: error.message, grant };
    };
    const open = async (): Promise<void> => {
      const opening = new PostgresRepository({ url, watch: false });
      await opening.open({ changed() {}, logged() {} });
      await opening.mutate('create', create('granted')).finally(() => opening.close());
    };
    assert.match((await refusal(open)).message, /lacks a permission \(permission denied for schema systemprompt\)/);
    assert.match((await refusal(open)).message, /permission denied for table \w+/);
    await server.sql('revoke execute on all routines in schema systemprompt from public');
    const routine = await refusal(open);
    assert.match(routine.message, /permission denied for (function|procedure) \w+/);
    assert.match(routine.grant, /grant execute on all routines/);
    await open();
    await server.sql('create database granted');
    const elsewhere = server.url('default', 'granted', 'stranger');
    const { message, grant } = await refusal(() => PostgresRepository.create(elsewhere));
    assert.match(message, /permission denied for database granted/);
    assert.match(grant, /grant create on database granted to USER/);
    assert.equal(await PostgresRepository.create(elsewhere), true);
  });
});
