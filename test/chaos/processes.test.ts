import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder } from '../support/temp-folder.ts';

const rounds = Number(process.env['CHAOS'] ?? 1);
/** No machine is so busy that none of many clients gets a single thing done for so long. */
const STILL_MS = 120_000;

interface Said {
  asks?: string;
  title?: string;
  created?: string;
  id?: string;
  number?: number;
  counted?: string;
  deleted?: string;
  logged?: string;
  line?: string;
  approved?: string;
  completed?: string;
  updated?: string;
  description?: string;
  done?: boolean;
  view?: string;
}

function client(
  folder: string,
  name: string,
  operations: number,
  compactAt: number,
  heard: (said: Said) => void = () => {},
): { child: ChildProcess; said: Promise<Said[]> } {
  const script = join(import.meta.dirname, 'client.ts');
  const child = spawn(process.execPath, [script, folder, name, `${operations}`, `${compactAt}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const said = (async (): Promise<Said[]> => {
    const lines: Said[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      // A killed client may have written half a line; what it did not say whole was not acknowledged to anybody.
      if (!line.endsWith('}')) continue;
      const each = JSON.parse(line) as Said;
      lines.push(each);
      heard(each);
    }
    return lines;
  })();
  return { child, said };
}

/**
 * Lets clients work until all are at their ends, then lets each tell what it sees. However long that takes: it is given
 * up only when none of them does anything any more.
 */
async function crowd(folder: string, count: number, operations: number): Promise<Said[]> {
  let [working, heard, still] = [count, 0, false];
  const clients = Array.from({ length: count }, (_, i) =>
    client(folder, `c${i}`, operations, 60_000, (said) => {
      heard += 1;
      working -= said.done === true ? 1 : 0;
      if (working === 0) for (const { child } of clients) child.stdin?.end();
    }),
  );
  let before = -1;
  const watch = setInterval(() => {
    still = heard === before;
    before = heard;
    if (still) for (const { child } of clients) child.kill('SIGKILL');
  }, STILL_MS);
  try {
    const said = (await Promise.all(clients.map((each) => each.said))).flat();
    assert.ok(!still, `nothing was done for ${STILL_MS / 1_000} s by the ${working} clients that were not done`);
    return said;
  } finally {
    clearInterval(watch);
  }
}

/** Holds what the clients were told against what a fresh reading finds. */
async function check(folder: string, said: readonly Said[]): Promise<void> {
  const store = await TaskStore.open({ folder, watch: false });
  try {
    assert.deepEqual(store.problems, []);
    const tasks = [...store.view.all()];
    const askedToDelete = new Set(said.filter((s) => s.asks === 'delete').map((s) => s.id));
    const deleted = new Set(said.flatMap((s) => s.deleted ?? []));
    const counted = new Map<string, number>();
    const asked = new Map<string, number>();
    const changed = new Map<string, number>();
    for (const { counted: c, approved, completed, updated } of said) {
      const id = c ?? approved ?? completed ?? updated;
      if (id !== undefined) changed.set(id, (changed.get(id) ?? 0) + 1);
    }
    const completed = new Set(said.flatMap((s) => s.completed ?? []));
    const descriptions = new Set(said.flatMap((s) => (s.asks === 'update' ? `${s.id} ${s.description}` : [])));
    for (const { counted: id } of said) if (id !== undefined) counted.set(id, (counted.get(id) ?? 0) + 1);
    for (const { asks, id } of said) if (asks === 'count' && id !== undefined) asked.set(id, (asked.get(id) ?? 0) + 1);

    assert.equal(new Set(tasks.map((task) => task.number)).size, tasks.length, 'no number twice');
    for (const { created, id, number } of said) {
      if (created === undefined || id === undefined) continue;
      const task = store.view.byId(id);
      if (deleted.has(id)) assert.equal(task, undefined, `${created} was deleted`);
      else if (!askedToDelete.has(id)) assert.ok(task !== undefined, `${created} is lost`);
      if (task === undefined) continue;
      assert.equal(task.number, number, `${created} kept its number`);
      const count = Number(task.metadata['count']);
      assert.ok(count >= (counted.get(id) ?? 0), `${created} lost a change: ${count} of ${counted.get(id)}`);
      assert.ok(count <= (asked.get(id) ?? 0), `${created} has a change twice`);
      assert.ok(task.revision - 1 >= (changed.get(id) ?? 0), `${created} lost one of ${changed.get(id)} changes`);
      if (completed.has(id)) assert.equal(task.status, 'completed', `${created} was completed`);
      if (task.description !== created) {
        assert.ok(descriptions.has(`${id} ${task.description}`), `${created} is described as ${task.description}`);
      }
    }
    for (const { logged, line } of said) {
      if (logged === undefined || askedToDelete.has(logged)) continue;
      const { entries } = await store.getLogs(logged, { limit: 100_000 });
      assert.equal(entries.filter((entry) => entry.message === line).length, 1, `log line ${line}`);
    }
  } finally {
    await store.close();
  }
}

describe('many processes on one store (G3)', () => {
  it('16 at once lose no task, assign each number once and end with the same view', async (context) => {
    const folder = tempFolder(context);
    const watcher = await TaskStore.open({ folder });
    context.after(() => watcher.close());
    const said = await crowd(folder, 16, rounds > 1 ? 500 : 120);
    assert.equal(said.filter((s) => s.done).length, 16, 'every client came to its end');
    await check(folder, said);
    await watcher.refresh();
    const fresh = await TaskStore.open({ folder, watch: false });
    context.after(() => fresh.close());
    const seen = [...fresh.view.all()];
    assert.deepEqual(
      [...watcher.view.all()].toSorted((a, b) => a.number - b.number),
      seen,
    );
    const view = createHash('sha256').update(JSON.stringify(seen)).digest('hex');
    const views = said.flatMap((s) => s.view ?? []);
    assert.equal(views.length, 16);
    assert.deepEqual([...new Set(views)], [view], 'every client sees what a fresh reading sees');
  });
});

describe('killed processes (G1, G2, G6, G7)', () => {
  it('lose no acknowledged change and block no other process after kill -9 at random moments', async (context) => {
    const folder = tempFolder(context);
    const kills = rounds > 1 ? 500 : 24;
    const said: Said[] = [];
    for (let killed = 0; killed < kills; ) {
      const clients = Array.from({ length: 4 }, (_, i) => client(folder, `k${killed}-${i}`, 10_000, 30_000));
      // All four are at work when the first of them dies.
      await Promise.all(clients.map(({ child }) => new Promise((resolve) => child.stdout?.once('readable', resolve))));
      for (const { child } of clients) {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 120));
        child.kill('SIGKILL');
        killed += 1;
      }
      for (const c of clients) said.push(...(await c.said));
      await check(folder, said);
    }
    assert.ok(
      said.some((s) => s.created !== undefined),
      'the clients came to do something',
    );
  });
});
