import type { Client, ClientConfig, Pool, PoolClient } from 'pg';
import { failure } from './failures.ts';
import { type PostgresTarget, shownTarget } from './target.ts';

const CONNECT_MS = 10_000;
/** Without an answer for so long, the connection counts as lost: a half-open one never ends on its own. */
const ANSWER_MS = 30_000;
/** A command needs one; a worker writes logs while it appends changes. */
const CONNECTIONS = 4;

export type Query = <Row extends object>(text: string, values?: readonly unknown[]) => Promise<Row[]>;

/** The connections of one process to its database. The driver is loaded with the first query. */
export class Database {
  readonly shown: string;
  private readonly config: ClientConfig;
  private pool: Promise<Pool> | undefined;
  private closed = false;

  /** @param answerMs milliseconds without an answer after which a statement fails */
  constructor(target: PostgresTarget, answerMs = ANSWER_MS) {
    this.shown = shownTarget(target);
    const { host, port, user, password, database, tls } = target;
    this.config = {
      host,
      port,
      user,
      password,
      database,
      ssl: tls === 'off' ? false : { rejectUnauthorized: tls === 'verify' },
      connectionTimeoutMillis: Math.min(CONNECT_MS, answerMs),
      query_timeout: answerMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: CONNECT_MS,
      application_name: 'systemprompt',
    };
  }

  /** @throws TaskError `StoreNotWritable` with the reason */
  query: Query = async (text, values) => {
    try {
      return await this.attempt(text, values);
    } catch (error) {
      throw failure(error, this.shown);
    }
  };

  /** Runs one statement, with the errors of the driver. */
  async attempt<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const pool = await this.connected();
    return (await pool.query<Row>(text, [...values])).rows;
  }

  /** Runs statements as one transaction. @throws TaskError `StoreNotWritable` if any of them fails */
  async transaction<T>(work: (query: Query) => Promise<T>, mode = ''): Promise<T> {
    let client: PoolClient | undefined;
    let broken: unknown;
    try {
      client = await (await this.connected()).connect();
      const { query } = bound(client);
      await query(`begin ${mode}`);
      const result = await work(query);
      await query('commit');
      return result;
    } catch (error) {
      broken = error;
      throw failure(error, this.shown);
    } finally {
      // A connection with an open transaction is closed, which rolls the transaction back.
      client?.release(broken !== undefined);
    }
  }

  /** Connects outside the pool; the caller ends the connection. */
  async client(): Promise<Client> {
    const driver = await import('./driver.ts');
    const client = new driver.Client(this.config);
    // Without a listener, a lost connection would end the process.
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  async close(): Promise<void> {
    this.closed = true;
    const pool = await this.pool?.catch(() => undefined);
    this.pool = undefined;
    await pool?.end();
  }

  private connected(): Promise<Pool> {
    if (this.closed) return Promise.reject(new Error('The store is closed'));
    this.pool ??= this.open();
    return this.pool;
  }

  private async open(): Promise<Pool> {
    const driver = await import('./driver.ts');
    const pool = new driver.Pool({ ...this.config, max: CONNECTIONS });
    pool.on('error', () => {});
    // Without a listener, a connection that is lost in a transaction would end the process.
    pool.on('connect', (client) => client.on('error', () => {}));
    return pool;
  }
}

function bound(client: PoolClient): { query: Query } {
  return {
    query: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
      (await client.query<Row>(text, [...values])).rows,
  };
}
