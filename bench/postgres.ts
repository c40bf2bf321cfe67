import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PostgresRepository } from '../src/store/postgres/postgres-repository.ts';
import { TaskStore } from '../src/store/task-store.ts';
import { PostgresServer } from '../test/support/postgres-server.ts';
import { alternate, type Benchmark, median, type Row, timed, under } from './kit.ts';
import { sampleParams } from './samples.ts';

const CLIENTS = [1, 4, 16];
/** Operations of each client before the clock runs: code and plans are loaded. */
const WARM = 50;
const ROUNDS = 3;
const EVENTS = 200;
const IDLE_SECONDS = 20;
const MANY = 100_000;
const BATCH = 500;

interface Peer {
  readonly what: 'create' | 'claim';
  /** The first argument of `postgres-client.ts`. */
  readonly kind: string;
  readonly name: string;
  /** Operations of all clients together. */
  readonly count: number;
}

const peers: readonly Peer[] = [
  { what: 'create', kind: 'sql-create', name: 'SQL by hand', count: 3_200 },
  { what: 'create', kind: 'sql-publish', name: 'with a log entry and readers', count: 3_200 },
  { what: 'claim', kind: 'sql-claim', name: 'SQL by hand', count: 320 },
];

/** Milliseconds of CPU of a round. */
interface Cpu {
  readonly server: number;
  readonly clients: number;
}

/** Tasks in PostgreSQL beside SQL written by hand, on one server with the same durability. */
export const postgres: Benchmark = {
  name: 'postgres',
  measures: 'creations and claims of 1, 4 and 16 processes, events, an idle window and a start in PostgreSQL',
  async run(print) {
    const server = await PostgresServer.start({ durable: true });
    try {
      await server.sql(
        `create table hand_written (
           id text primary key, status text not null, record json not null, seq bigint generated always as identity
         )`,
      );
      await server.sql('create index on hand_written (status)');
      await server.sql('create index on hand_written (seq)');
      await server.sql(
        'create table hand_log (at bigint generated always as identity primary key, task text, line text)',
      );
      await server.sql('create index on hand_log (task)');
      for (const clients of CLIENTS) {
        for (const peer of peers) await compare(server, clients, peer, print);
      }
      await events(server, print);
      await opening(server, print);
      await idle(server, print);
    } finally {
      await server.end();
    }
  },
};

async function compare(
  server: PostgresServer,
  clients: number,
  { what, kind: peer, name, count }: Peer,
  print: (row: Row) => void,
): Promise<void> {
  const each = count / clients;
  const url = await server.store();
  let seed = 0;
  const used = new Map<string, Cpu[]>();
  const work = async (kind: string): Promise<number> => {
    seed += clients;
    const { ms, ...cpu } = await together(server, clients, (at) => [kind, url, `${WARM}`, `${each}`, `${seed + at}`]);
    used.set(kind, [...(used.get(kind) ?? []), cpu]);
    return ms;
  };
  const cpuOf = (kind: string): string => {
    const rounds = used.get(kind) ?? [];
    const ms = (part: keyof Cpu): string => (median(rounds.map((round) => round[part])) / count).toFixed(2);
    return `${ms('server')} + ${ms('clients')}`;
  };
  if (what === 'claim') await fill(url, (count + clients * WARM) * ROUNDS);
  const { ours, limit, ratio } = await alternate(
    ROUNDS,
    () => work(what),
    () => work(peer),
  );
  const perSecond = (ms: number): string => `${Math.round((count * 1_000) / ms)} per second`;
  print({
    name: `${what} ${count} by ${clients}`,
    value: ours,
    unit: 'ms',
    limit: { what: name, value: limit },
    ratio,
    ...(peer === 'sql-create' ? { target: { text: 'ratio at most 2', met: ratio <= 2 } } : {}),
    note: `${perSecond(ours)}, ${perSecond(limit)} by hand; CPU of server + clients ${cpuOf(what)} ms each, ${cpuOf(peer)} by hand`,
  });
}

/** From the start of all clients to the end of the last one. */
async function together(
  server: PostgresServer,
  clients: number,
  words: (at: number) => string[],
): Promise<Cpu & { readonly ms: number }> {
  const script = join(import.meta.dirname, 'postgres-client.ts');
  const children: ChildProcess[] = Array.from({ length: clients }, (_, at) =>
    spawn(process.execPath, [script, ...words(at)], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  await Promise.all(children.map(({ stdout }) => once(stdout ?? process.stdin, 'data')));
  const before = server.cpuMs;
  let used = 0;
  const ms = await timed(() =>
    Promise.all(
      children.map(async ({ stdin, stdout }) => {
        const done = once(stdout ?? process.stdin, 'data');
        stdin?.write('go\n');
        const [text] = await done;
        used += Number(text);
      }),
    ),
  );
  const cpu = { server: server.cpuMs - before, clients: used };
  for (const { stdin } of children) stdin?.write('end\n');
  await Promise.all(children.map((child) => (child.exitCode === null ? once(child, 'exit') : undefined)));
  return { ms, ...cpu };
}

function opened(url: string, watch = true): Promise<TaskStore> {
  return TaskStore.open({ folder: process.cwd(), repository: new PostgresRepository({ url, watch }) });
}

async function fill(url: string, count: number): Promise<void> {
  const store = await opened(url, false);
  for (let from = 0; from < count; from += BATCH) {
    const size = Math.min(BATCH, count - from);
    await Promise.all(Array.from({ length: size }, (_, at) => store.createTask(sampleParams(from + at))));
  }
  await store.close();
}

/** From the call that creates a task to its event in another store. */
async function events(server: PostgresServer, print: (row: Row) => void): Promise<void> {
  const url = await server.store();
  const [writer, reader] = [await opened(url), await opened(url)];
  const times: number[] = [];
  for (let index = 0; index < EVENTS; index += 1) {
    const arrived = new Promise<void>((resolve) => {
      const registration = reader.on('task:created', () => {
        registration.dispose();
        resolve();
      });
    });
    times.push(await timed(() => Promise.all([writer.createTask(sampleParams(index)), arrived])));
  }
  await writer.close();
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  print({
    name: 'create to event elsewhere, p99',
    value: at(0.99),
    unit: 'ms',
    limit: { what: 'p50', value: at(0.5) },
    ratio: at(0.99) / at(0.5),
    target: under(250, 'ms', at(0.99)),
  });
  await reader.close();
}

/** The queries of an idle window. */
async function idle(server: PostgresServer, print: (row: Row) => void): Promise<void> {
  // Counts statements; the transactions of the database are counted late, and not only for clients.
  await server.sql("alter system set shared_preload_libraries = 'pg_stat_statements'");
  await server.stop();
  await server.boot();
  await server.sql('create extension pg_stat_statements');
  const reader = await opened(await server.store());
  // What a window keeps an eye on.
  const watch = reader.coordination.watch('queue', () => void reader.coordination.read('queue', 'state'));
  await server.sql('select pg_stat_statements_reset()');
  await new Promise((resolve) => setTimeout(resolve, IDLE_SECONDS * 1_000));
  const rows = (await server.sql(
    `select sum(calls)::float8 as count from pg_stat_statements where query not like '%pg_stat_statements%'`,
  )) as { count: number }[];
  watch.dispose();
  await reader.close();
  const perSecond = (rows[0]?.count ?? Number.NaN) / IDLE_SECONDS;
  print({
    name: 'queries of an idle store',
    value: perSecond * 60,
    unit: 'per minute',
    limit: { what: 'target', value: 120 },
    ratio: perSecond / 2,
    target: { text: 'at most 2 per second', met: perSecond <= 2 },
  });
}

async function opening(server: PostgresServer, print: (row: Row) => void): Promise<void> {
  const url = await server.store();
  await fill(url, MANY);
  const name = new URL(url).searchParams.get('store');
  const ours = await timed(async () => (await opened(url, false)).close());
  const limit = await timed(() =>
    server.sql(
      `select t.record from systemprompt.task t join systemprompt.head h on h.id = t.store where h.name = '${name}'`,
    ),
  );
  print({
    name: `open ${MANY} tasks`,
    value: ours,
    unit: 'ms',
    limit: { what: 'SELECT of the records', value: limit },
    ratio: ours / limit,
    note: `${Math.round(process.memoryUsage().rss / 1024 / 1024)} MB of memory`,
  });
}
