import type { Database } from './database.ts';
import type { ServerClock } from './server-clock.ts';

/** Polls between looks at the logs, because the ends of all logs are many rows. */
const LOGS_EVERY = 5;

interface Row {
  readonly position: number;
  readonly shared: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Finds changes whose notices were lost, with one small query for everything that is watched. */
export class Poll {
  private readonly database: Database;
  private readonly clock: ServerClock;
  private before: Row | undefined;
  private count = 0;

  constructor(database: Database, clock: ServerClock) {
    this.database = database;
    this.clock = clock;
  }

  /** The notices of the changes since the last call; undefined for any change. */
  async notices(store: number): Promise<(string | undefined)[]> {
    const asked = Date.now();
    const [row] = await this.database.query<Row>(
      `select h.position::float8 as position, (extract(epoch from clock_timestamp()) * 1000)::float8 as now,
         (select count(*) || ' ' || coalesce(max(c.at)::text, '') from systemprompt.coordination c where c.store = h.id)
           as shared
       from systemprompt.head h where h.id = $1`,
      [store],
    );
    const { before } = this;
    this.before = row;
    this.count += 1;
    if (row === undefined || before === undefined || row.position < before.position) return [undefined];
    this.clock.answered(row.now, asked);
    const found: string[] = [];
    if (row.position > before.position) found.push(`journal:${row.position}`);
    if (row.shared !== before.shared) found.push('shared:');
    if (this.count % LOGS_EVERY === 0) found.push('log:');
    return found;
  }
}
