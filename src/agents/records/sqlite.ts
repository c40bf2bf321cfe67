import type { DatabaseSync } from 'node:sqlite';

/** A database that is only read. */
export interface Database {
  /** @throws Error for a missing table, or while the database is locked */
  rows(query: string, ...values: readonly string[]): Readonly<Record<string, unknown>>[];
  close(): void;
}

let loading: Promise<typeof DatabaseSync> | undefined;

/**
 * Opens a SQLite database for reading.
 *
 * @throws Error if this Node.js has no SQLite, or the file is no database
 */
export async function openDatabase(path: string): Promise<Database> {
  loading ??= load();
  const Opened = await loading;
  const database = new Opened(path, { readOnly: true });
  return {
    rows: (query, ...values) => database.prepare(query).all(...values),
    close: () => database.close(),
  };
}

/** Some versions of Node.js print a warning at the first use, which would appear in a person's terminal. */
async function load(): Promise<typeof DatabaseSync> {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return (await import('node:sqlite')).DatabaseSync;
  } finally {
    process.emitWarning = emitWarning;
  }
}
