import type { Disposable } from '../../core/disposable.ts';

/** Timers of the platform, or of a test. */
export interface Timers {
  set(action: () => void, ms: number): unknown;
  clear(timer: unknown): void;
}

const platform: Timers = {
  set: (action, ms) => setTimeout(action, ms),
  clear: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

interface Entry {
  /** True if the key changed after the last notification. */
  due: boolean;
  timer: unknown;
}

/**
 * Sends at most one notification per key and interval: the first at once, changes in between as one at the end. While a
 * notification is being written, its key waits, so that a client that does not read gets no more than one per key.
 */
export class Coalescer implements Disposable {
  private readonly entries = new Map<string, Entry>();
  private readonly send: (key: string) => Promise<void>;
  private readonly intervalMs: number;
  private readonly timers: Timers;
  private disposed = false;

  /** @param send never called twice at once for one key */
  constructor(send: (key: string) => Promise<void>, intervalMs: number, timers: Timers = platform) {
    this.send = send;
    this.intervalMs = intervalMs;
    this.timers = timers;
  }

  changed(key: string): void {
    if (this.disposed) return;
    const entry = this.entries.get(key);
    if (entry !== undefined) entry.due = true;
    else this.begin(key, { due: false, timer: undefined });
  }

  /** Keys in use; it falls to 0 when nothing changes. */
  get size(): number {
    return this.entries.size;
  }

  dispose(): void {
    this.disposed = true;
    for (const { timer } of this.entries.values()) this.timers.clear(timer);
    this.entries.clear();
  }

  private begin(key: string, entry: Entry): void {
    this.entries.set(key, entry);
    entry.due = false;
    const sent = this.send(key).catch(() => {});
    entry.timer = this.timers.set(() => void sent.then(() => this.end(key, entry)), this.intervalMs);
  }

  private end(key: string, entry: Entry): void {
    if (this.disposed) return;
    if (entry.due) this.begin(key, entry);
    else this.entries.delete(key);
  }
}
