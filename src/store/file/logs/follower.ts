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
  private seeded: Promise<void> = Promise.resolve();

  constructor(root: string, reader: LogReader, added: (id: string, entries: readonly TaskLogEntry[]) => void) {
    this.root = root;
    this.reader = reader;
    this.added = added;
  }

  start(): void {
    if (this.watcher !== undefined) return;
    this.seeded = this.seed();
    this.watcher = new FolderWatcher(this.root, (name) => {
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

  /** Existing logs are followed from their end; later ones from their beginning. */
  private async seed(): Promise<void> {
    for (const { id, end } of await this.reader.ends()) if (!this.positions.has(id)) this.positions.set(id, end);
  }

  private async pollAll(): Promise<void> {
    try {
      await this.seeded;
      for (const { id, end } of await this.reader.ends()) if (end !== this.positions.get(id)) this.poke(id);
    } catch {
      // The folder is currently missing or unreadable; the next poll checks again.
    }
  }

  private async readOn(id: string): Promise<void> {
    await this.seeded;
    for (;;) {
      const from = this.positions.get(id) ?? 0;
      const page = await this.reader.read(id, { after: from, limit: PAGE });
      if (page === undefined) return;
      this.positions.set(id, page.next);
      if (page.entries.length > 0 && this.watcher !== undefined) this.added(id, page.entries);
      if (page.next === from) return;
    }
  }
}
