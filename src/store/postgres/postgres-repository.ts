import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { type Logger, silentLogger } from '../../core/logger.ts';
import { coordinationOf } from '../coordination.ts';
import { JournaledRepository } from '../engine/journaled-repository.ts';
import type { StoreCore, StoreParts } from '../engine/store-core.ts';
import { Compactor } from './compactor.ts';
import type { Connection } from './connection.ts';
import { Database } from './database.ts';
import { Notices } from './notices.ts';
import { PostgresArchive } from './postgres-archive.ts';
import { PostgresChangeLog } from './postgres-change-log.ts';
import { PostgresCoordination } from './postgres-coordination.ts';
import { PostgresLogs } from './postgres-logs.ts';
import { PostgresSnapshots } from './postgres-snapshots.ts';
import { createStore, migrate } from './schema.ts';
import { ServerClock } from './server-clock.ts';
import { type PostgresTarget, parseTarget } from './target.ts';

export interface PostgresOptions {
  /** `postgres://user@host:5432/database?store=name`. */
  readonly url: string;
  /** For an address without a password. Default: that of PGPASSWORD or ~/.pgpass. */
  readonly password?: string | undefined;
  /** The folder whose tasks are worked on by this process. Default: the current one. */
  readonly folder?: string | undefined;
  readonly logger?: Logger | undefined;
  /** Whether changes of other processes are noticed without asking. Default: true. */
  readonly watch?: boolean | undefined;
  /** True if the store is read-only. */
  readonly restricted?: boolean | undefined;
  /** Lines of the journal after which it is compacted. */
  readonly compactAt?: number | undefined;
  /** Milliseconds without an answer of the server after which a call fails. Default: 30,000. */
  readonly answerMs?: number | undefined;
}

/**
 * Keeps tasks in PostgreSQL 13 or later, for any number of processes on any number of machines.
 *
 * @example
 * await PostgresRepository.create('postgres://ada@db.example.com/tasks?store=shop');
 * const repository = new PostgresRepository({ url: 'postgres://ada@db.example.com/tasks?store=shop' });
 * const store = await TaskStore.open({ folder: '/home/ada/shop', repository });
 */
export class PostgresRepository extends JournaledRepository {
  /** @throws TaskError `InvalidInput` for a URL that cannot be used */
  constructor(options: PostgresOptions) {
    const {
      url,
      password,
      folder = process.cwd(),
      logger = silentLogger,
      watch = true,
      restricted = false,
      compactAt,
      answerMs,
    } = options;
    const parsed = parseTarget(url);
    const target: PostgresTarget = { ...parsed, password: parsed.password ?? password };
    const database = new Database(target, answerMs);
    const clock = new ServerClock();
    const connection: Connection = {
      database,
      notices: new Notices(database, clock, logger),
      clock,
      logger,
      name: target.store,
      id: 0,
    };
    const now = (): string => connection.clock.now();
    super({ logger, now, watch, restricted, by: `${hostname()}:${process.pid}` }, (core) =>
      partsOf(connection, core, resolve(folder), { compactAt, restricted }),
    );
  }

  /**
   * Creates the schema, or migrates it, and a store in it.
   *
   * @returns false if the database has a store of this name already
   */
  static async create(url: string): Promise<boolean> {
    const target = parseTarget(url);
    const database = new Database(target);
    try {
      await migrate(database);
      return await createStore(database, target.store);
    } finally {
      await database.close();
    }
  }
}

function partsOf(
  connection: Connection,
  core: StoreCore,
  folder: string,
  { compactAt, restricted = false }: Pick<PostgresOptions, 'compactAt' | 'restricted'>,
): StoreParts {
  const compactor: Compactor = new Compactor(connection, core, () => log);
  const log = new PostgresChangeLog(connection, core, compactor, compactAt);
  const archive = new PostgresArchive(connection);
  return {
    log,
    snapshots: new PostgresSnapshots(
      connection,
      () => log,
      () => core.settleAll(),
      restricted,
    ),
    logs: new PostgresLogs(connection, (id, entries) => core.logged(id, entries)),
    archive: async () => archive,
    coordination: new PostgresCoordination(connection, coordinationOf(folder)),
  };
}
