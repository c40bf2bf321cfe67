import type { Logger } from '../../core/logger.ts';
import type { Database } from './database.ts';
import type { Notices } from './notices.ts';
import type { ServerClock } from './server-clock.ts';

/** The services that the parts of a store share. */
export interface Connection {
  readonly database: Database;
  readonly notices: Notices;
  readonly clock: ServerClock;
  readonly logger: Logger;
  /** The name of the store. */
  readonly name: string;
  /** The id of the store in the database; known once it was loaded. */
  id: number;
}
