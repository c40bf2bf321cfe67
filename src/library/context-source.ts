import { type HostOptions, openHost } from '../host.ts';
import type { OperationContext } from '../operations/context.ts';
import { nearestStore } from '../store/discovery.ts';

/** An open folder, or how to open one. Default: the nearest folder upwards that has tasks, or the current one. */
export type ContextSource = OperationContext | Partial<HostOptions>;

/** Base of the specification's classes: opens its folder on first use, unless it was given an open one. */
export abstract class WithContext {
  private readonly source: ContextSource;
  private opened: Promise<OperationContext & { close?(): Promise<void> }> | undefined;

  constructor(source: ContextSource = {}) {
    this.source = source;
  }

  /** Closes the folder if this object opened it. A folder that was passed in stays open. */
  async close(): Promise<void> {
    if ('store' in this.source) return;
    const { opened } = this;
    this.opened = undefined;
    await (await opened)?.close?.();
  }

  /** @throws TaskError if the store of the folder cannot be read */
  protected context(): Promise<OperationContext> {
    const { source } = this;
    // A program that uses only this object need not close it: it creates no watcher, so that Node can exit.
    this.opened ??=
      'store' in source ? Promise.resolve(source) : openHost({ watch: false, ...source, ...place(source) });
    return this.opened;
  }
}

function place({ folder }: Partial<HostOptions>): { folder: string } {
  return { folder: folder ?? nearestStore(process.cwd()) ?? process.cwd() };
}
