import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openStore } from './open-store.ts';

/** A line of a client. */
export interface Said {
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

/** Starts a client in its own process. */
export function client(
  place: string,
  name: string,
  operations: number,
  compactAt: number,
  heard: (said: Said) => void = () => {},
  env: NodeJS.ProcessEnv = process.env,
): { child: ChildProcess; said: Promise<Said[]> } {
  const script = join(import.meta.dirname, '..', 'client.ts');
  const child = spawn(process.execPath, [script, place, name, `${operations}`, `${compactAt}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env,
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

/** Holds what the clients were told against what a fresh reading finds. */
export async function check(place: string, said: readonly Said[]): Promise<void> {
  const store = await openStore(place, { compactAt: 60_000, watch: false });
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
