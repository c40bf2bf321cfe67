import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { PostgresRepository } from '../../../src/store/postgres/postgres-repository.ts';
import { PostgresServer, postgresOrSkip } from '../../support/postgres-server.ts';

const repositoryModule = new URL('../../../src/store/postgres/postgres-repository.ts', import.meta.url);

describe('the schema in PostgreSQL', { skip: await postgresOrSkip() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.start();
  });
  after(() => server.end());

  it('is created once by processes that start at the same moment', async () => {
    await server.sql('create database raced');
    const url = server.url('shop', 'raced');
    const code = `
      import { PostgresRepository } from ${JSON.stringify(repositoryModule.href)};
      process.stdout.write('ready');
      await new Promise((resolve) => process.stdin.once('data', resolve));
      process.stdin.destroy();
      process.stdout.write(String(await PostgresRepository.create(${JSON.stringify(url)})));
    `;
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
    const outputs = children.map(async (child) => {
      let text = '';
      for await (const part of child.stdout) text += String(part);
      return text;
    });
    await Promise.all(children.map((child) => once(child.stdout, 'readable')));
    for (const child of children) child.stdin.write('go');
    assert.deepEqual((await Promise.all(outputs)).sort(), ['readyfalse', 'readyfalse', 'readyfalse', 'readytrue']);
    assert.deepEqual(await server.sql('select name from systemprompt.head', 'raced'), [{ name: 'shop' }]);
  });

  const tables = {
    'no column of ours': 'create table systemprompt.migration (name text)',
    'no rows': 'create table systemprompt.migration (version int, hash text); create table systemprompt.task (id int)',
    'names as versions': "create table systemprompt.migration as select 'first' as version",
    'other numbers': 'create table systemprompt.migration as select 20240101 as version',
    'our numbers': 'create table systemprompt.migration as select 1 as version',
    'a fraction among ours': `create table systemprompt.migration as select unnest(array[1, 1.5]) as version;
      create table systemprompt.head (id int)`,
  };
  for (const [what, sql] of Object.entries(tables)) {
    it(`refuses a table of migrations of another application, with ${what}`, async () => {
      await server.sql('drop database if exists other');
      await server.sql('create database other');
      await server.sql(`create schema systemprompt; ${sql}`, 'other');
      const url = server.url('default', 'other');
      const refused = { code: 'InvalidInput', message: /of another application/ };
      await assert.rejects(PostgresRepository.create(url), refused);
      await assert.rejects(new PostgresRepository({ url }).open({ changed() {}, logged() {} }), refused);
    });
  }

  it('is created beside tables of the same names in other schemas', async () => {
    await server.sql('create database beside');
    await server.sql(
      'create table task (id int); create table head (id int); create table log (id int); create table migration (id int)',
      'beside',
    );
    const url = server.url('default', 'beside');
    assert.equal(await PostgresRepository.create(url), true);
    const repository = new PostgresRepository({ url, watch: false });
    await repository.open({ changed() {}, logged() {} });
    assert.equal(repository.view.size, 0);
    await repository.close();
  });
});
