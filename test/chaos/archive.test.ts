import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder } from '../support/temp-folder.ts';

const rounds = Number(process.env['CHAOS'] ?? 1);
/** Forty for each round of a long run. */
const KILLS = rounds > 1 ? 40 * rounds : 12;
const CLIENTS = 4;

/** What a client was told. */
interface Said {
  created?: string;
  number?: number;
  logged?: string;
  lines?: string[];
  archived?: string;
  restored?: string;
}

/** Lets a client work until it has said so much, kills it a moment later, and gives what it said. */
async function killedAfter(answers: number, folder: string, name: string): Promise<Said[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'archive-client.ts'), folder, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: Said[] = [];
  let doomed = false;
  for await (const line of createInterface({ input: child.stdout })) {
    // A killed client may have written half a line: nobody was told that.
    if (line.endsWith('}')) said.push(JSON.parse(line));
    if (said.length < answers || doomed) continue;
    doomed = true;
    setTimeout(() => child.kill('SIGKILL'), Math.random() * 20);
  }
  assert.ok(doomed, `${name} was killed, and did not end by itself`);
  return said;
}

/** Holds what the clients were told against what a fresh reading finds. */
async function check(folder: string, said: readonly Said[]): Promise<void> {
  const store = await TaskStore.open({ folder, watch: false });
  try {
    assert.deepEqual(store.problems, []);
    const archived = new Map((await store.archive.all()).map((task) => [task.id as string, task]));
    const numbers = [...store.view.all(), ...archived.values()].map(({ number }) => number);
    assert.equal(new Set(numbers).size, numbers.length, 'each task is in one place, with a number of its own');
    for (const { created, number } of said) {
      if (created === undefined) continue;
      const task = store.view.byId(created) ?? archived.get(created);
      assert.equal(task?.number, number, `${created} is there with its number`);
    }
    const logs = new Map<string, string[]>();
    for (const { logged, lines = [] } of said) {
      if (logged !== undefined) logs.set(logged, [...(logs.get(logged) ?? []), ...lines]);
    }
    for (const [id, lines] of logs) {
      const { entries } = await store.getLogs(id, { limit: 100_000 });
      const found = new Map<string, number>();
      for (const { message } of entries) found.set(message, (found.get(message) ?? 0) + 1);
      const where = archived.has(id) ? 'in the archive' : 'in memory';
      for (const line of lines) {
        const times = found.get(line) ?? 0;
        assert.equal(times, 1, `line ${line} of ${id}, which is ${where}, is there ${times} times`);
      }
    }
  } finally {
    await store.close();
  }
}

describe('processes that archive, restore and compress, killed (G1, G2, G6, G7)', () => {
  it('leave every task in one place with every line of its log', async (context) => {
    const folder = tempFolder(context);
    const said: Said[] = [];
    for (let killed = 0; killed < KILLS; ) {
      // They die one after the other, in the middle of what the others do.
      const clients = Array.from({ length: CLIENTS }, (_, i) =>
        killedAfter(10 + Math.floor(Math.random() * 60), folder, `a${killed}-${i}`),
      );
      said.push(...(await Promise.all(clients)).flat());
      killed += CLIENTS;
      await check(folder, said);
    }
    for (const kind of ['created', 'logged', 'archived', 'restored'] as const) {
      assert.ok(
        said.some((each) => each[kind] !== undefined),
        `something was ${kind}`,
      );
    }
    const names = readdirSync(join(folder, '.systemprompt', 'state'), { recursive: true }).map(String);
    context.diagnostic(
      `${names.filter((name) => name.endsWith('.gz')).length} compressed parts, ${said.length} answers`,
    );
  });
});
