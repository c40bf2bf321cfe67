import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from '../../../scripts/process.ts';
import { silentLogger } from '../../../src/core/logger.ts';
import type { TaskLogEntry } from '../../../src/core/task/log-entry.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import type { JournaledRepository } from '../../../src/store/engine/journaled-repository.ts';
import { FileRepository } from '../../../src/store/file/file-repository.ts';
import { moveStore } from '../../../src/store/move.ts';
import { PostgresRepository } from '../../../src/store/postgres/postgres-repository.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { PostgresServer, postgresOrSkip } from '../../support/postgres-server.ts';
import { tempFolder } from '../../support/temp-folder.ts';

interface Content {
  readonly tasks: TaskRecord[];
  readonly archived: (TaskRecord | undefined)[];
  readonly logs: Record<string, TaskLogEntry[]>;
  readonly next: number;
}

async function contentOf(repository: JournaledRepository): Promise<Content> {
  await repository.refresh();
  const names = await repository.archive.names();
  const tasks = [...repository.view.all()].sort((a, b) => a.number - b.number);
  const logs: Content['logs'] = {};
  for (const { id } of [...tasks, ...names]) {
    logs[id] = [...(await repository.readLog(id, { after: 0, limit: 10_000 })).entries];
  }
  const archived = await Promise.all(names.map((name) => repository.archive.read(name)));
  return { tasks, archived, logs, next: repository.view.nextNumber };
}

/** Tasks of every kind: parts, archived and deleted ones, long logs, and those of the original server. */
async function fill(folder: string): Promise<void> {
  const state = join(folder, '.systemprompt', 'state');
  cpSync(join(root, 'test', 'fixtures', 'original-server-state'), state, { recursive: true });
  const store = await TaskStore.open({ folder, watch: false, actor: 'Ada' });
  const group = await store.createTask({ title: 'Group', kind: 'group' });
  const part = await store.createTask({ title: 'Part 👍', parentId: group.id, labels: ['a', 'b'] });
  const next = await store.createTask({ title: 'Next', parentId: group.id, dependsOn: [part.id] });
  await store.updateTask(part.id, { status: 'completed' });
  for (let i = 0; i < 2_500; i += 1) await store.addLog(next.id, `line ${i} \u2028 end`);
  const old = await store.createTask({ title: 'Old' });
  await store.addLog(old.id, 'before the archive');
  await store.updateTask(old.id, { status: 'cancelled' });
  await store.archive.add([String(old.number)], false);
  const gone = await store.createTask({ title: 'Gone' });
  await store.deleteTask(gone.id);
  await store.close();
}

describe('moving a store', { skip: await postgresOrSkip() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.start();
  });
  after(() => server.end());

  const files = (folder: string): JournaledRepository =>
    new FileRepository({ folder, logger: silentLogger, watch: false });
  const listener = { changed() {}, logged() {} };

  it('to a database and back keeps every task, log and number', async (context) => {
    const folder = tempFolder(context);
    await fill(folder);
    const [source, target] = [files(folder), files(tempFolder(context))];
    const database = new PostgresRepository({ url: await server.store(), watch: false });
    for (const each of [source, target, database]) await each.open(listener);
    context.after(() => Promise.all([source, target, database].map((each) => each.close())));
    const content = await contentOf(source);
    assert.ok(content.tasks.length > 3 && content.archived.length === 1);
    const moved = await moveStore(source, database);
    assert.deepEqual([moved.tasks, moved.archived], [content.tasks.length, 1]);
    assert.ok(moved.logEntries > 2_500);
    assert.deepEqual(await contentOf(database), content);
    await moveStore(database, target);
    assert.deepEqual(await contentOf(target), content);
    assert.deepEqual(await contentOf(source), content);
  });

  it('refuses a target with tasks, and a source with a running task', async (context) => {
    const folder = tempFolder(context);
    const store = await TaskStore.open({ folder, watch: false });
    await store.createTask({ title: 'One' });
    await store.close();
    const [source, target] = [files(folder), files(tempFolder(context))];
    for (const each of [source, target]) await each.open(listener);
    context.after(() => Promise.all([source, target].map((each) => each.close())));
    await assert.rejects(moveStore(target, source), { code: 'InvalidInput', message: /has a task already/ });
    await source.mutate('test', (draft) => {
      const [task] = [...draft.all()];
      assert.ok(task);
      const lease = { worker: 'w', host: 'h', pid: 1, started: '', expires_at: new Date().toISOString() };
      draft.patch(task.id, { status: 'in_progress', lease });
    });
    await assert.rejects(moveStore(source, target), { code: 'InvalidInput', message: /worker has #1/ });
  });
});
