import { existsSync, type FSWatcher, watch } from 'node:fs';

const POLL_MS = 1_000;
const POLL_MISSING_MS = 200;

/**
 * Calls back soon after anything in a folder changed, with the name where the system tells it. Watches with the
 * system's own means, and polls besides: they miss changes on network folders, and cannot watch what is not there yet.
 */
export class FolderWatcher {
  private readonly folder: string;
  private readonly changed: (name: string | undefined) => void;
  private watcher: FSWatcher | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(folder: string, changed: (name: string | undefined) => void) {
    this.folder = folder;
    this.changed = changed;
    this.tick();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.watcher?.close();
    this.watcher = undefined;
  }

  private tick(): void {
    if (this.watcher === undefined && existsSync(this.folder)) this.start();
    this.timer = setTimeout(
      () => {
        this.changed(undefined);
        this.tick();
      },
      this.watcher === undefined ? POLL_MISSING_MS : POLL_MS,
    );
    this.timer.unref();
  }

  private start(): void {
    try {
      this.watcher = watch(this.folder, { persistent: false }, (_event, name) => this.changed(name ?? undefined));
      // A watcher fails when its folder goes away, or when the system has none left; polling goes on.
      this.watcher.on('error', () => {
        this.watcher?.close();
        this.watcher = undefined;
      });
    } catch {
      this.watcher = undefined;
    }
  }
}
