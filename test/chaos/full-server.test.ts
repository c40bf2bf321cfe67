import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TaskError } from '../../src/core/errors.ts';
import { PostgresRepository } from '../../src/store/postgres/postgres-repository.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { diskOrSkip, PostgresServer, postgresOrSkip } from '../support/postgres-server.ts';
import { tempFolder, until } from '../support/temp-folder.ts';

const MEGABYTES = 100;
const MOST = 20_000;

describe('a database whose disk is full (G1)', { skip: (await postgresOrSkip()) || diskOrSkip() }, () => {
  it('refuses changes, keeps the acknowledged ones, and continues once there is space', async (context) => {
    const server = await PostgresServer.start({ megabytes: MEGABYTES });
    context.after(() => server.end());
    const url = await server.store();
    const open = (): Promise<TaskStore> =>
      TaskStore.open({ folder: tempFolder(context), repository: new PostgresRepository({ url }) });
    const store = await open();
    context.after(() => store.close());
    const kept: string[] = [];
    const add = async (): Promise<void> => {
      const { id } = await store.createTask({ title: `t${kept.length}`, description: 'x'.repeat(10_000) });
      kept.push(id);
    };
    await add();
    server.fillDisk();
    await assert.rejects(
      async () => {
        for (let at = 0; at < MOST; at += 1) await add();
      },
      (error) => {
        assert.ok(TaskError.is(error, 'StoreNotWritable'));
        assert.match(error.message, /disk is full|offline|not known/);
        return true;
      },
    );
    assert.ok([...store.view.all()].length >= kept.length, 'reads use memory');
    await server.freeDisk();
    await until('changes are accepted again', () =>
      add().then(
        () => true,
        () => false,
      ),
    );
    const other = await open();
    context.after(() => other.close());
    for (const id of kept) assert.ok(other.view.byId(id) !== undefined, `${id} of ${kept.length} is missing`);
  });
});
