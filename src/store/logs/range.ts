import type { TaskLogEntry } from '../../core/task/log-entry.ts';

/**
 * Which part of a log. Positions are opaque numbers that a page gives; 0 is the beginning. `after` reads forwards,
 * `before` and `tail` give the last entries before a position or the end, oldest first.
 */
export interface LogRange {
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  /**
   * Number of entries. Default: 1,000. A page can have fewer, and a page of few entries can have more, where entries of
   * several processes reached the log in another order.
   */
  readonly limit?: number | undefined;
}

export interface LogEntryPage {
  readonly entries: TaskLogEntry[];
  /** The place of the first entry of this page: `before` for the page before it. */
  readonly start: number;
  /** The end of the page: `after` for the page after it, also for lines that are yet to come. */
  readonly next: number;
}
