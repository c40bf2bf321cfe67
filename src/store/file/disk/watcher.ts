import { type FSWatcher, statSync, watch } from 'node:fs';

const POLL_MS = 1_000;
const POLL_UNWATCHED_MS = 200;

/**
 * Calls back soon after a file in a folder changed, with the name if the system reports it. Every call is only a hint
 * to look again: the callback also runs once a second without a name, because file events get lost on network folders,
 * when a folder appears, moves or is replaced, and when the system runs out of watches. The one shape in which this
 * program waits for another process.
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
      // A watcher fails if its folder is removed or the system has none left; polling continues.
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
