import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { amountOf, fieldsOf, textOf } from '../acp/wire.ts';
import { agentFolder } from './places.ts';
import { isPlainId, MAX_CALLS, type ModelCall, type RecordPlace, type SpendRecord } from './record.ts';
import { openDatabase } from './sqlite.ts';

/** Messages of a session and of its subagents. */
const QUERY = `SELECT id, data FROM message
  WHERE session_id IN (SELECT id FROM session WHERE id = ?1 OR parent_id = ?1)
  ORDER BY id LIMIT ${MAX_CALLS}`;

/** OpenCode's database: `opencode/opencode.db` in its data folder, with the tokens and the cost of each message. */
export function opencodeRecord({ sessionId, env }: RecordPlace): SpendRecord | undefined {
  if (!isPlainId(sessionId)) return undefined;
  return new DatabaseRecord(
    join(agentFolder(env, 'XDG_DATA_HOME', '.local', 'share'), 'opencode', 'opencode.db'),
    sessionId,
  );
}

class DatabaseRecord implements SpendRecord {
  private readonly path: string;
  private readonly sessionId: string;
  private readonly calls = new Map<string, ModelCall>();
  private seen = '';
  private found = false;

  constructor(path: string, sessionId: string) {
    this.path = path;
    this.sessionId = sessionId;
  }

  async read(): Promise<ReadonlyMap<string, ModelCall> | undefined> {
    const state = await stateOf(this.path);
    if (state !== undefined && state !== this.seen) {
      const rows = await this.rows().catch(() => undefined);
      if (rows !== undefined) {
        this.seen = state;
        this.found = true;
        for (const call of rows) if (this.calls.size < MAX_CALLS) this.calls.set(call.id, call);
      }
    }
    return this.found ? this.calls : undefined;
  }

  private async rows(): Promise<ModelCall[]> {
    const database = await openDatabase(this.path);
    try {
      return database.rows(QUERY, this.sessionId).flatMap(({ id, data }) => callOf(textOf(id), textOf(data)));
    } finally {
      database.close();
    }
  }
}

/** Sizes and times of the database and of its log of changes: they change with each write. */
async function stateOf(path: string): Promise<string | undefined> {
  const [main, log] = await Promise.all([path, `${path}-wal`].map((one) => stat(one).catch(() => undefined)));
  return main?.isFile() !== true ? undefined : [main, log].map((one) => `${one?.size} ${one?.mtimeMs}`).join();
}

function callOf(id: string | undefined, data: string | undefined): ModelCall[] {
  const message = fieldsOf(parsed(data)) ?? {};
  const tokens = fieldsOf(message.tokens);
  if (id === undefined || message.role !== 'assistant' || tokens === undefined) return [];
  const cache = fieldsOf(tokens.cache);
  const cached = amountOf(cache?.read) ?? 0;
  const input = (amountOf(tokens.input) ?? 0) + cached + (amountOf(cache?.write) ?? 0);
  const output = (amountOf(tokens.output) ?? 0) + (amountOf(tokens.reasoning) ?? 0);
  const cost = amountOf(message.cost);
  return [{ id, input, output, total: input + output, cost }];
}

/** Undefined for a message in another format: the others still count. */
function parsed(data: string | undefined): unknown {
  try {
    return JSON.parse(data ?? '{}');
  } catch {
    return undefined;
  }
}
