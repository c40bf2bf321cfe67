import { createHash } from 'node:crypto';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { newer } from '../storage-errors.ts';
import type { Database, Query } from './database.ts';
import { migrations } from './migrations.ts';

/** Any number that no other application is likely to lock. */
const MIGRATION_LOCK = 7_320_914;
const SCHEMA = 'systemprompt';
const MAX_MIGRATIONS = 10_000;

export interface SchemaStatus {
  /** The number of the last migration; 0 without a schema. */
  readonly version: number;
  readonly known: number;
}

/** @throws TaskError `InvalidInput` if another application, or a development version of this one, made the schema */
export async function schemaStatus(query: Query): Promise<SchemaStatus> {
  // Advice to drop the schema, which follows for a development version, must not reach another application.
  const [found] = await query<{ schema: boolean; own: boolean }>(
    `select exists (select from pg_namespace where nspname = $1) as schema,
       to_regclass('systemprompt.migration') is not null and to_regclass('systemprompt.head') is not null
         and to_regclass('systemprompt.journal') is not null as own`,
    [SCHEMA],
  );
  if (found?.schema !== true) return { version: 0, known: migrations.length };
  if (!found.own) throw foreign();
  // As values of any shape: the table can be that of another application, and early versions had no hash.
  const rows = await query<{ version: unknown; hash: unknown }>(
    `select to_jsonb(m) -> 'version' as version, to_jsonb(m) -> 'hash' as hash from systemprompt.migration m
     order by to_jsonb(m) -> 'version' limit ${MAX_MIGRATIONS}`,
  );
  // The migration that creates the table adds the first row.
  if (rows[0]?.version !== 1) throw foreign();
  for (const { version, hash } of rows) {
    if (!isVersion(version)) throw foreign();
    const sql = migrations[version - 1];
    if (sql !== undefined && hash !== hashOf(sql)) throw unreleased();
  }
  return { version: Number(rows.at(-1)?.version), known: migrations.length };
}

/**
 * Runs the missing migrations as one transaction. Safe in several processes at once.
 *
 * @throws TaskError `StoreNewer` for a newer schema, which stays as it is
 */
export async function migrate(database: Database): Promise<void> {
  await database.transaction(async (query) => {
    await query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const { version, known } = await schemaStatus(query);
    if (version > known)
      throw newer('A newer version of SystemPrompt Tasks made the schema of the database. Nothing changed.');
    if (version === 0) {
      const [encoding] = await query<{ server_encoding: string }>('show server_encoding');
      if (encoding?.server_encoding !== 'UTF8') {
        throw new TaskError('InvalidInput', 'The database does not use the encoding UTF8.', {
          next: [textStep('Create one with createdb --encoding=UTF8 --template=template0.')],
        });
      }
      await query(`create schema if not exists ${SCHEMA}`);
      await query(
        `create table systemprompt.migration (
           version int primary key, hash text not null default '', at timestamptz not null default now()
         )`,
      );
    }
    for (const [index, sql] of migrations.entries()) {
      if (index < version) continue;
      await query(sql);
      await query('insert into systemprompt.migration (version, hash) values ($1, $2)', [index + 1, hashOf(sql)]);
    }
  });
}

/** Creates a store. @returns false if there is one of this name already, which stays as it is */
export async function createStore(database: Database, name: string): Promise<boolean> {
  const rows = await database.query(
    'insert into systemprompt.head (name) values ($1) on conflict do nothing returning id',
    [name],
  );
  return rows.length > 0;
}

/** Distinguishes a released migration from one that was still being edited. */
function hashOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}

function isVersion(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

function foreign(): TaskError {
  return new TaskError('InvalidInput', `The database has a schema "${SCHEMA}" of another application.`, {
    next: [textStep('Use another database.')],
  });
}

function unreleased(): TaskError {
  return new TaskError('InvalidInput', 'A development version of SystemPrompt Tasks made the schema of the database.', {
    next: [
      textStep('Create the store again: drop the schema with "drop schema systemprompt cascade", then run store init.'),
    ],
  });
}
