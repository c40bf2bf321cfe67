import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { claim } from '../../src/core/task/run.ts';
import { requestStart } from '../../src/core/task/start.ts';
import { PostgresServer, postgresOrSkip } from '../support/postgres-server.ts';
import { openStore } from './support/open-store.ts';

const rounds = Number(process.env['CHAOS'] ?? 1);
const LINES = rounds > 1 ? 1_000_000 : 20_000;
const OPERATIONS = rounds > 1 ? 500 : 30;
/** Megabytes of JavaScript objects: far less than the lines. A process that keeps them ends. */
const HEAP = 96;
const PAGE = 10_000;

interface Flood {
  readonly child: ChildProcess;
  /** The ids of the tasks. */
  readonly tasks: readonly string[];
  /** Lines of each task. Rejects if the process ends without them. */
  readonly written: Promise<readonly number[]>;
}

async function flood(place: string): Promise<Flood> {
  const script = join(import.meta.dirname, 'flood-client.ts');
  const args = [`--max-old-space-size=${HEAP}`, script, place, `${LINES}`];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<{ tasks: string[]; written: number[] }> => {
    const { value } = await said.next();
    assert.ok(value !== undefined, 'the process that floods ended');
    return JSON.parse(value);
  };
  return { child, tasks: (await next()).tasks, written: next().then(({ written }) => written) };
}

describe('ten tasks that flood their logs in PostgreSQL (G3)', { skip: await postgresOrSkip() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.start();
  });
  after(() => server.end());

  it('keep every line in order, while another client creates, claims and reads', async () => {
    const place = await server.store();
    const { child, tasks, written } = await flood(place);
    const other = await openStore(place, { compactAt: 60_000, watch: true });
    let reported = 0;
    const listening = other.on('task:log:added', () => {
      reported += 1;
    });
    try {
      // The flood goes on until all of this is done.
      for (let n = 0; n < OPERATIONS; n += 1) {
        const { id } = await other.createTask({ title: `other ${n}`, tool: 'SHELL' });
        await other.transact('test.claim', (draft) => {
          draft.patch(id, requestStart(draft.require(id), draft.at));
          const lease = { worker: 'w', host: 'h', pid: 1, started: 'x', expires_at: '2999-01-01T00:00:00.000Z' };
          const execution = { id: `e${n}`, agent: 'SHELL', worker: 'w', started_at: draft.at };
          draft.patch(id, claim(draft.require(id), lease, execution, draft.at));
        });
        await other.refresh();
        assert.equal(other.view.byId(id)?.status, 'in_progress');
        const { entries } = await other.getLogs(tasks[n % tasks.length] ?? '', { limit: 100 });
        const numbers = entries
          .filter(({ type }) => type === 'output')
          .map(({ message }) => Number.parseInt(message, 10));
        const consecutive = numbers.map((_, at) => (numbers[0] ?? 0) + at);
        assert.deepEqual(numbers, consecutive);
        assert.equal(child.exitCode, null, 'while the flood runs');
      }
      listening.dispose();
      assert.ok(reported > 0, 'the lines are reported to other processes');
      child.stdin?.end();
      const counts = await written;
      assert.ok(counts.reduce((sum, count) => sum + count, 0) >= LINES);
      for (const [at, id] of tasks.entries()) assert.equal(await linesInOrder(other, id), counts[at]);
    } finally {
      child.kill('SIGKILL');
      await other.close();
    }
  });
});

/** Reads a log in pages, and compares each line. @returns the number of lines */
async function linesInOrder(store: Awaited<ReturnType<typeof openStore>>, id: string): Promise<number> {
  let [lines, after] = [0, 0];
  for (;;) {
    const { entries, next } = await store.getLogs(id, { after, limit: PAGE });
    if (entries.length === 0) return lines;
    for (const { type, message } of entries) {
      if (type !== 'output') continue;
      assert.equal(message, `${lines} ${'x'.repeat(lines % 200)}`);
      lines += 1;
    }
    after = next;
  }
}
