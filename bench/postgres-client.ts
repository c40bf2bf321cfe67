// One client of the benchmark `postgres`, in its own process: waits for a line on standard input, works, and prints the
// milliseconds of CPU of its work.

import { once } from 'node:events';
import { Client } from 'pg';
import { newTaskRecord } from '../src/core/task/create.ts';
import { PostgresRepository } from '../src/store/postgres/postgres-repository.ts';
import { TaskStore } from '../src/store/task-store.ts';
import { sampleParams } from './samples.ts';

const [kind = '', url = '', warm = '0', count = '0', seed = '0'] = process.argv.slice(2);
const numbers = Array.from({ length: Number(warm) + Number(count) }, (_, at) => Number(seed) * 100_000 + at);

interface Work {
  readonly run: (numbers: readonly number[]) => Promise<void>;
  readonly close: () => Promise<void>;
}

const work = kind.startsWith('sql') ? await bySql(kind) : await byStore(kind);
await work.run(numbers.splice(0, Number(warm)));
console.log('ready');
await once(process.stdin, 'data');
const before = process.cpuUsage();
await work.run(numbers);
const { user, system } = process.cpuUsage(before);
console.log((user + system) / 1_000);
// Its connections stay until the CPU of the server is known.
await once(process.stdin, 'data');
process.stdin.destroy();
await work.close();

async function byStore(what: string): Promise<Work> {
  const store = await TaskStore.open({ folder: process.cwd(), repository: new PostgresRepository({ url }) });
  const create: Work['run'] = async (numbers) => {
    for (const number of numbers) await store.createTask(sampleParams(number));
  };
  const claim: Work['run'] = async (numbers) => {
    for (const _ of numbers) {
      await store.transact('claim', (draft) => {
        const [task] = draft.byStatus('pending');
        if (task !== undefined) draft.patch(task.id, { status: 'in_progress', active_since: draft.at });
      });
    }
  };
  return { run: what === 'create' ? create : claim, close: () => store.close() };
}

/** A table as one would write it by hand, with a commit for each change. */
async function bySql(what: string): Promise<Work> {
  const { port, host, user, database } = new Client(url.replace(/\?.*/, ''));
  const connect = async (): Promise<Client> => {
    const client = new Client({ port, host, user, database });
    await client.connect();
    return client;
  };
  const client = await connect();
  const create: Work['run'] = async (numbers) => {
    for (const number of numbers) {
      const record = newTaskRecord(sampleParams(number), new Date().toISOString());
      await client.query('insert into hand_written (id, status, record) values ($1, $2, $3)', [
        record.id,
        record.status,
        JSON.stringify(record),
      ]);
    }
  };
  // With the first entry of a log, and a notice after which all other clients read the row.
  const publish: Work['run'] = async (numbers) => {
    for (const number of numbers) {
      const record = newTaskRecord(sampleParams(number), new Date().toISOString());
      await client.query(
        `with task as (insert into hand_written (id, status, record) values ($1, $2, $3) returning seq),
           log as (insert into hand_log (task, line) values ($1, $4))
         select pg_notify('hand_written', seq::text) from task`,
        [record.id, record.status, JSON.stringify(record), JSON.stringify({ message: 'Task created' })],
      );
    }
  };
  const claim: Work['run'] = async (numbers) => {
    for (const _ of numbers) {
      await client.query(`update hand_written set status = 'in_progress' where id = (
        select id from hand_written where status = 'pending' limit 1 for update skip locked)`);
    }
  };
  const run = { 'sql-create': create, 'sql-publish': publish }[what] ?? claim;
  const reader = what === 'sql-publish' ? await connect() : undefined;
  if (reader !== undefined) await readOn(reader);
  return { run, close: async () => void (await Promise.all([client.end(), reader?.end()])) };
}

/** Reads all rows that any client publishes. */
async function readOn(reader: Client): Promise<void> {
  const read = 'select seq::int, record::text from hand_written where seq > $1 order by seq';
  const { rows } = await reader.query<{ seq: number | null }>('select max(seq)::int as seq from hand_written');
  let seen = rows[0]?.seq ?? 0;
  let reading = false;
  reader.on('notification', async ({ payload }) => {
    if (reading || Number(payload) <= seen) return;
    reading = true;
    // The connection ends while other clients still work.
    const { rows } = await reader.query(read, [seen]).catch(() => ({ rows: [] }));
    for (const { record } of rows) JSON.parse(record);
    seen = rows.at(-1)?.seq ?? seen;
    reading = false;
  });
  await reader.query('listen hand_written');
}
