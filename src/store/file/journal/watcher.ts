import { type FSWatcher, statSync, watch } from 'node:fs';

const POLL_MS = 1_000;
const POLL_UNWATCHED_MS = 200;

/**
 * Calls back soon after anything in a folder changed, with the name where the system tells it. Watches with the
 * system's own means, and polls besides: they miss changes on network folders, cannot watch what is not there yet, and
 * go on watching a folder that was moved away.
 */
export class FolderWatcher {
  private readonly folder: string;
  private readonly changed: (name: string | undefined) => void;
  private watcher: FSWatcher | undefined;
  private watched: number | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(folder: string, changed: (name: string | undefined) => void) {
    this.folder = folder;
    this.changed = changed;
    this.tick();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.stop();
  }

  private tick(): void {
    const there = statSync(this.folder, { throwIfNoEntry: false })?.ino;
    if (there !== this.watched) this.stop();
    if (there !== undefined && this.watcher === undefined) this.start(there);
    this.timer = setTimeout(
      () => {
        this.tick();
        this.changed(undefined);
      },
      this.watcher === undefined ? POLL_UNWATCHED_MS : POLL_MS,
    );
    this.timer.unref();
  }

  private start(there: number): void {
    try {
      this.watcher = watch(this.folder, { persistent: false }, (_event, name) => this.changed(name ?? undefined));
      this.watched = there;
      // A watcher fails when its folder goes away, or when the system has none left; polling goes on.
      this.watcher.on('error', () => this.stop());
    } catch {
      this.stop();
    }
  }

  private stop(): void {
    this.watcher?.close();
    this.watcher = undefined;
    this.watched = undefined;
  }
}
