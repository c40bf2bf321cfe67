import type { Disposable } from '../../core/disposable.ts';

/**
 * Logs whose count is read again after each look without a name: events get lost, and every count has to come right.
 */
const SWEEP = 500;

export interface CountedLogs {
  count(id: string): Promise<number>;
  /** Calls back soon after any process changed a log; without an id if the log is unknown. */
  changes?(changed: (id: string | undefined) => void): Disposable;
}

/**
 * The number of entries of each log, cached while the store is watched, so that a list reads no files. A count is read
 * again after a notice that its log changed; own changes give that notice before they resolve. Without a watcher, every
 * count is read.
 */
export class LogCounts implements Disposable {
  private readonly logs: CountedLogs;
  private readonly watched: boolean;
  private readonly counts = new Map<string, number>();
  private readonly reading = new Map<string, symbol>();
  private watcher: Disposable | undefined;

  constructor(logs: CountedLogs, watched: boolean) {
    this.logs = logs;
    this.watched = watched;
  }

  of(id: string): number | Promise<number> {
    return this.counts.get(id) ?? this.read(id);
  }

  changed(id: string): void {
    this.counts.delete(id);
    this.reading.delete(id);
  }

  dispose(): void {
    this.watcher?.dispose();
    this.watcher = undefined;
    this.counts.clear();
    this.reading.clear();
  }

  private async read(id: string): Promise<number> {
    if (this.watched) this.watcher ??= this.logs.changes?.((name) => this.noticed(name));
    // A notice during the reading means that it may have missed something.
    const mine = Symbol(id);
    this.reading.set(id, mine);
    const count = await this.logs.count(id);
    if (this.reading.get(id) === mine) {
      this.reading.delete(id);
      if (this.watcher !== undefined) this.counts.set(id, count);
    }
    return count;
  }

  private noticed(id: string | undefined): void {
    if (id !== undefined) {
      this.changed(id);
      return;
    }
    let left = SWEEP;
    // Oldest first: a count that is read again moves to the end.
    for (const known of this.counts.keys()) {
      if (left === 0) return;
      this.counts.delete(known);
      left -= 1;
    }
  }
}
