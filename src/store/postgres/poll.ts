import type { Database } from './database.ts';
import type { ServerClock } from './server-clock.ts';

/** Polls between reads that no sign of a change asks for: an earlier read may have failed, and logs have many ends. */
const EVERY = 5;

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

  /**
   * The notices of the changes since the last call; undefined for any change. The end of the journal is always among
   * them: the read that an earlier notice caused may have failed, and its receiver knows what it has.
   */
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
    const found = [`journal:${row.position}`];
    const isDue = this.count % EVERY === 0;
    if (row.shared !== before.shared || isDue) found.push('shared:');
    if (isDue) found.push('log:');
    return found;
  }
}
