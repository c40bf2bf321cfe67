import type { TaskLogEntry } from '../../../core/task/log-entry.ts';
import { FolderWatcher } from '../disk/watcher.ts';
import type { LogReader } from './files.ts';
import { logIdOf } from './layout.ts';

const PAGE = 500;

/**
 * Reports lines that are added to any log, by this process or another, in the order of the file. Only later entries are
 * reported.
 */
export class LogFollower {
  private readonly root: string;
  private readonly reader: LogReader;
  private readonly added: (id: string, entries: readonly TaskLogEntry[]) => void;
  private readonly positions = new Map<string, number>();
  private readonly reading = new Map<string, Promise<void>>();
  private readonly again = new Set<string>();
  private watcher: FolderWatcher | undefined;
  /** The positions to follow existing logs from are known. */
  private seeded = false;
  private seeding: Promise<void> | undefined;
  private readonly waiting: (() => void)[] = [];

  constructor(root: string, reader: LogReader, added: (id: string, entries: readonly TaskLogEntry[]) => void) {
    this.root = root;
    this.reader = reader;
    this.added = added;
  }

  /** Resolves after the first look at the folder. If it failed, the next poll looks again. */
  async start(): Promise<void> {
    this.watcher ??= this.watch();
    await this.seed().catch(() => {});
  }

  /** Resolves when every entry that is added later will be reported, or when it stops. */
  ready(): Promise<void> {
    if (this.seeded || this.watcher === undefined) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private watch(): FolderWatcher {
    return new FolderWatcher(this.root, (name) => {
      if (name !== undefined) {
        const id = logIdOf(name);
        if (id !== undefined) this.poke(id);
      } else {
        void this.pollAll();
      }
    });
  }

  stop(): void {
    this.watcher?.dispose();
    this.watcher = undefined;
    this.positions.clear();
    this.seeded = false;
    this.seeding = undefined;
    this.release();
  }

  /** Looks whether the log of a task has grown. */
  poke(id: string): void {
    if (this.watcher === undefined) return;
    if (this.reading.has(id)) {
      this.again.add(id);
      return;
    }
    const done = this.readOn(id)
      .catch(() => {})
      .then(() => {
        this.reading.delete(id);
        if (this.again.delete(id)) this.poke(id);
      });
    this.reading.set(id, done);
  }

  /** Existing logs are followed from their end; later ones from their beginning. Repeated after a failure. */
  private seed(): Promise<void> {
    if (this.seeded) return Promise.resolve();
    this.seeding ??= this.findEnds();
    return this.seeding;
  }

  private async findEnds(): Promise<void> {
    const { watcher } = this;
    try {
      const ends = await this.reader.ends();
      // It was stopped meanwhile.
      if (this.watcher !== watcher) return;
      for (const { id, end } of ends) if (!this.positions.has(id)) this.positions.set(id, end);
      this.seeded = true;
      this.release();
    } finally {
      if (this.watcher === watcher) this.seeding = undefined;
    }
  }

  private release(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  private async pollAll(): Promise<void> {
    try {
      await this.seed();
      for (const { id, end } of await this.reader.ends()) if (end !== this.positions.get(id)) this.poke(id);
    } catch {
      // The folder is currently missing or unreadable; the next poll checks again.
    }
  }

  private async readOn(id: string): Promise<void> {
    const { watcher } = this;
    await this.seed();
    while (this.watcher === watcher) {
      const from = this.positions.get(id) ?? 0;
      const page = await this.reader.read(id, { after: from, limit: PAGE });
      if (page === undefined || this.watcher !== watcher) return;
      this.positions.set(id, page.next);
      if (page.entries.length > 0) this.added(id, page.entries);
      if (page.next === from) return;
    }
  }
}
