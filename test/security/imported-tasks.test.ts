import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { silentLogger } from '../../src/core/logger.ts';
import type { TaskRecord } from '../../src/core/task/schema.ts';
import { FileRepository } from '../../src/store/file/file-repository.ts';
import { taskText } from '../../src/store/file/snapshots/task-text.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder, until } from '../support/temp-folder.ts';
import { hostileEdits, hostileStates } from './data/task-files.ts';

const fileOf = (folder: string, id: string): string => join(folder, '.systemprompt', 'state', 'tasks', `${id}.json`);

async function open(context: TestContext, folder: string): Promise<TaskStore> {
  const repository = new FileRepository({ folder, logger: silentLogger, watch: false });
  const store = await TaskStore.open({ folder, repository });
  context.after(() => store.close());
  return store;
}

/** A store with one task, closed, and the record of that task. */
async function closedStore(context: TestContext): Promise<{ folder: string; record: TaskRecord }> {
  const folder = tempFolder(context);
  const store = await open(context, folder);
  const { id } = await store.createTask({
    title: 'Mine',
    constraints: { max_tokens: 1_000, allowed_tools: ['web_search'] },
    requiresApproval: true,
  });
  await until('it is on disk', () => existsSync(fileOf(folder, id)));
  const record = { ...store.view.byId(id) } as TaskRecord;
  await store.close();
  return { folder, record };
}

describe('a task file without a journal entry', () => {
  for (const [name, state] of hostileStates) {
    for (const sum of ['without', 'with'] as const) {
      it(`is imported as a draft that waits for confirmation: ${name}, ${sum} a valid checksum`, async (context) => {
        const { folder, record } = await closedStore(context);
        const { approval: _, ...plain } = record;
        const foreign = { ...plain, id: 'task_foreign', number: 7, title: 'Foreign', ...state } as TaskRecord;
        const text = sum === 'with' ? taskText(foreign, 1_000_000) : JSON.stringify(foreign);
        writeFileSync(fileOf(folder, foreign.id), text);
        const store = await open(context, folder);
        await until('it is imported', () => store.view.byId(foreign.id)?.from_outside === true);
        const task = store.view.byId(foreign.id);
        assert.equal(task?.status, 'pending');
        for (const key of [
          'queued_at',
          'lease',
          'workspace',
          'isolation',
          'on_complete',
          'resume_session_id',
          'error_next',
          'step',
        ] as const) {
          assert.equal(task?.[key], undefined, key);
        }
        if (task?.workflow !== undefined) assert.equal(task.tool, task.workflow[0]?.agent, 'a person reads this agent');
        assert.deepEqual([task?.approvals, task?.follow_ups, task?.executions], [[], [], []]);
        const said = async (): Promise<boolean> =>
          ((await store.getTask(foreign.id))?.logs ?? []).some(({ message }) =>
            /Imported from outside.*Confirm/.test(message),
          );
        for (let tries = 0; tries < 100 && !(await said()); tries += 1) await setTimeout(20);
        assert.ok(await said(), 'the log says why');
        assert.equal(store.view.byId(record.id)?.title, 'Mine');
      });
    }
  }
});

describe('a task file of the original server', () => {
  it('waits for confirmation, also in a store that has tasks', async (context) => {
    const { folder } = await closedStore(context);
    const at = '2026-01-01T00:00:00.000Z';
    const foreign = { id: 'task_server', description: 'touch evil', tool: 'CLAUDECODE', status: 'pending', logs: [] };
    writeFileSync(fileOf(folder, foreign.id), JSON.stringify({ ...foreign, created_at: at, updated_at: at }));
    const store = await open(context, folder);
    await until('it is imported', () => store.view.byId(foreign.id) !== undefined);
    assert.equal(store.view.byId(foreign.id)?.from_outside, true);
  });

  it('is read and not quarantined if it has neither a log nor a schema version', async (context) => {
    const { folder } = await closedStore(context);
    const at = '2026-01-01T00:00:00.000Z';
    const written = { id: 'task_by_hand', description: 'By hand', tool: 'CLAUDECODE', status: 'pending' };
    writeFileSync(fileOf(folder, written.id), JSON.stringify({ ...written, created_at: at, updated_at: at }));
    const store = await open(context, folder);
    await until('it is imported', () => store.view.byId(written.id) !== undefined);
    assert.deepEqual(store.problems, []);
    assert.deepEqual(await store.maintenance?.quarantined(), []);
    const { title, status, logs } = (await store.getTask(written.id)) ?? {};
    assert.deepEqual([title, status, logs], ['By hand', 'pending', []]);
  });
});

describe('a manual edit of a known task', () => {
  for (const [name, change] of hostileEdits) {
    it(`is refused and moved to quarantine: ${name}`, async (context) => {
      const { folder, record } = await closedStore(context);
      writeFileSync(fileOf(folder, record.id), JSON.stringify({ ...record, ...change }));
      const store = await open(context, folder);
      await until('it is put aside', () => store.problems.length > 0);
      assert.deepEqual({ ...store.view.byId(record.id), updated_at: '' }, { ...record, updated_at: '' });
      assert.match(store.problems.join(), /cannot be changed like this|a limit was raised or removed/);
    });
  }

  it('waits for confirmation if it changed the script, prompt or tools', async (context) => {
    for (const [change, waits] of [
      [{ instructions: 'touch evil' }, true],
      [{ priority: 'critical', labels: ['a'], metadata: { a: 1 } }, undefined],
    ] as const) {
      const { folder, record } = await closedStore(context);
      writeFileSync(fileOf(folder, record.id), JSON.stringify({ ...record, ...change }));
      const store = await open(context, folder);
      await until('it is taken', () => (store.view.byId(record.id)?.revision ?? 0) > record.revision);
      assert.equal(store.view.byId(record.id)?.from_outside, waits);
    }
  });

  it('may change text, priority, labels, dependencies and stricter limits', async (context) => {
    const { folder, record } = await closedStore(context);
    const constraints = { max_tokens: 500, max_iterations: 3, allowed_tools: [] };
    const change = { title: 'Edited', description: 'By hand', priority: 'high', labels: ['a'], constraints };
    writeFileSync(fileOf(folder, record.id), JSON.stringify({ ...record, ...change }));
    const store = await open(context, folder);
    await until('it is taken', () => store.view.byId(record.id)?.title === 'Edited');
    const task = store.view.byId(record.id);
    assert.deepEqual([task?.priority, task?.labels, task?.constraints], ['high', ['a'], constraints]);
    assert.ok(readFileSync(fileOf(folder, record.id), 'utf8').length > 0);
  });
});
