import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Written by the original systemprompt server. */
const fixture = join(import.meta.dirname, '..', 'fixtures', 'original-server-state');

interface Original {
  id: string;
  description: string;
  status: string;
  result?: unknown;
  error?: string;
  assigned_to?: string;
  logs: { timestamp: string; message: string; type: string; metadata?: object }[];
}

const originals = readdirSync(join(fixture, 'tasks')).map(
  (name): Original => JSON.parse(readFileSync(join(fixture, 'tasks', name), 'utf8')),
);

describe('state of the original server', () => {
  it('is imported with every task, log line, status and result, and with a backup (F67–F77)', async (context) => {
    const folder = tempFolder(context);
    const state = join(folder, '.systemprompt', 'state');
    cpSync(fixture, state, { recursive: true });
    const store = await TaskStore.open({ folder, watch: false });
    assert.deepEqual(store.problems, []);
    assert.equal(store.view.size, originals.length);
    for (const original of originals) {
      const task = await store.getTask(original.id);
      assert.ok(task !== null, original.description);
      assert.equal(task.description, original.description);
      assert.equal(task.status, original.status === 'waiting' ? 'completed_active' : original.status);
      assert.deepEqual(task.result, original.result);
      assert.equal(task.error, original.error);
      assert.equal(task.assigned_to, original.assigned_to);
      assert.equal(task.log_count, original.logs.length);
      assert.deepEqual(
        task.logs.map(({ timestamp, message }) => ({ timestamp, message })),
        original.logs.map(({ timestamp, message }) => ({ timestamp, message })),
      );
      for (const [i, entry] of original.logs.entries()) {
        const kept: (typeof task.logs)[number] | undefined = task.logs[i];
        assert.equal(kept?.metadata?.['original_type'] ?? kept?.type, entry.type);
        for (const [key, value] of Object.entries(entry.metadata ?? {})) assert.deepEqual(kept?.metadata?.[key], value);
      }
    }
    const numbers = [...store.view.all()].map((task) => [task.number, task.created_at]);
    assert.deepEqual(
      numbers.map(([number]) => number),
      originals.map((_, i) => i + 1),
    );
    assert.deepEqual(
      numbers.map(([, at]) => at),
      numbers.map(([, at]) => at).toSorted(),
    );
    await store.close();

    const backup = readdirSync(state).find((name) => name.startsWith('backup-')) ?? '';
    for (const name of readdirSync(join(fixture, 'tasks'))) {
      assert.equal(
        readFileSync(join(state, backup, 'tasks', name), 'utf8'),
        readFileSync(join(fixture, 'tasks', name), 'utf8'),
      );
    }
    assert.equal(
      readFileSync(join(state, backup, 'state.json'), 'utf8'),
      readFileSync(join(fixture, 'state.json'), 'utf8'),
    );
  });

  it('is unchanged by a second opening', async (context) => {
    const folder = tempFolder(context);
    const state = join(folder, '.systemprompt', 'state');
    cpSync(fixture, state, { recursive: true });
    await (await TaskStore.open({ folder, watch: false })).close();
    const before = contents(state);
    const store = await TaskStore.open({ folder, watch: false });
    assert.equal(store.view.size, originals.length);
    await store.close();
    assert.deepEqual(contents(state), before);
  });

  it('is imported once by two concurrent openings', async (context) => {
    const folder = tempFolder(context);
    cpSync(fixture, join(folder, '.systemprompt', 'state'), { recursive: true });
    const stores = await Promise.all([1, 2, 3].map(() => TaskStore.open({ folder, watch: false })));
    for (const store of stores) {
      await store.refresh();
      assert.equal(store.view.size, originals.length);
      const lines = await Promise.all(originals.map(async ({ id }) => (await store.getTask(id))?.log_count));
      assert.deepEqual(
        lines,
        originals.map(({ logs }) => logs.length),
      );
    }
    await Promise.all(stores.map((store) => store.close()));
  });
});

function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((entry) => [
      join(entry.parentPath, entry.name),
      readFileSync(join(entry.parentPath, entry.name), 'utf8'),
    ]),
  );
}
