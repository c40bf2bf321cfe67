import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Disposable } from '../../core/disposable.ts';
import type { Logger } from '../../core/logger.ts';
import type { Reachability } from '../ports.ts';
import type { Database } from './database.ts';
import { Poll } from './poll.ts';
import type { ServerClock } from './server-clock.ts';

/** A pooler between this process and the server may drop notices. */
const POLL_MS = 1_000;
const MAX_WAIT_MS = 5_000;
/** Between questions over the connection that listens. */
const PROBE_MS = 30_000;

/**
 * Notices of other processes over one connection that listens: `journal:POSITION`, `shared:KIND` and `log:TASK`, without a
 * name for any. Entries that report a change have no notice: the process that reads the change emits one. A query each second finds changes whose notice was lost.
 */
export class Notices implements Reachability {
  isOnline = true;
  private readonly database: Database;
  private readonly logger: Logger;
  private readonly listeners = new Set<(notice: string | undefined) => void>();
  private readonly stopping = new AbortController();
  private readonly watchers = new Set<() => void>();
  private client: Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly poll: Poll;
  private polling: Promise<void> | undefined;
  private running: Promise<void> | undefined;

  constructor(database: Database, clock: ServerClock, logger: Logger) {
    this.database = database;
    this.poll = new Poll(database, clock);
    this.logger = logger;
  }

  /** @param listener called with the notice, or with undefined when notices may have been lost */
  on(store: () => number, listener: (notice: string | undefined) => void): Disposable {
    this.listeners.add(listener);
    this.running ??= this.run(store);
    this.timer ??= setInterval(() => {
      this.polling ??= this.ask(store()).finally(() => {
        this.polling = undefined;
      });
    }, POLL_MS).unref();
    return { dispose: () => void this.listeners.delete(listener) };
  }

  onChange(watcher: () => void): Disposable {
    this.watchers.add(watcher);
    return { dispose: () => void this.watchers.delete(watcher) };
  }

  async close(): Promise<void> {
    this.listeners.clear();
    this.watchers.clear();
    clearInterval(this.timer);
    this.stopping.abort();
    await this.client?.end().catch(() => {});
    await Promise.all([this.running, this.polling]);
  }

  private async ask(store: number): Promise<void> {
    // The listening connection reports a server that is offline.
    for (const notice of await this.poll.notices(store).catch(() => [])) this.emit(notice);
  }

  private async run(store: () => number): Promise<void> {
    const { signal } = this.stopping;
    for (let failed = 0; !signal.aborted; ) {
      try {
        await this.listen(store());
        failed = 0;
      } catch (error) {
        failed += 1;
        if (!signal.aborted) this.note(false);
        if (failed === 1) this.logger.warn('PostgreSQL is offline, reconnecting.', error);
      }
      const wait = Math.min(MAX_WAIT_MS, 100 * 2 ** failed);
      await delay(wait, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  /** Resolves when the connection has ended. */
  private async listen(store: number): Promise<void> {
    const client = await this.database.client();
    this.client = client;
    const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
    if (this.stopping.signal.aborted) await client.end();
    else {
      client.on('notification', ({ payload }) => this.emit(payload ?? ''));
      await client.query(`listen systemprompt_${store}`);
      this.note(true);
      this.emit(undefined);
    }
    // A connection that only listens would never notice that the other end is gone.
    const probe = setInterval(() => client.query('select 1').catch(() => client.end().catch(() => {})), PROBE_MS);
    probe.unref();
    await ended.finally(() => clearInterval(probe));
  }

  private note(isOnline: boolean): void {
    if (isOnline === this.isOnline) return;
    this.isOnline = isOnline;
    for (const watcher of [...this.watchers]) watcher();
  }

  /** Notifies the listeners of this process. */
  emit(notice: string | undefined): void {
    for (const listener of [...this.listeners]) listener(notice);
  }
}
