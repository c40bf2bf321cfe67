import { TaskError } from '../../core/errors.ts';
import type { Reachability } from '../../store/ports.ts';

/** The times at which the server of a shared store does not answer, for work that must not be lost in them. */
export class Outage {
  private readonly server: Reachability | undefined;
  private readonly given = new AbortController();

  /** @param server undefined for a store without a server, which is always there */
  constructor(server: Reachability | undefined) {
    this.server = server;
  }

  get isOn(): boolean {
    return this.server?.isOnline === false && !this.given.signal.aborted;
  }

  /** Resolves when the server answers, at once if it does now, or when `giveUp` was called. */
  async over(): Promise<void> {
    const { server } = this;
    const { signal } = this.given;
    if (server === undefined || !this.isOn) return;
    await new Promise<void>((resolve) => {
      const changes = server.onChange(() => {
        if (!server.isOnline) return;
        changes.dispose();
        resolve();
      });
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** Ends all waits: the worker ends. */
  giveUp(): void {
    this.given.abort();
  }
}

/** True for a write that failed because the server of the store did not answer. */
export function isOutage(error: unknown): boolean {
  return TaskError.is(error, 'StoreNotWritable') && error.details?.['offline'] === true;
}
