import type * as vscode from 'vscode';
import type { TaskChange, TaskFolder } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';

/** A page loads for at most a tenth of the time, however many tasks there are. */
const REST = 10;

interface ReloadOptions {
  /** Least milliseconds between two loads. */
  readonly pauseMs: number;
  readonly isVisible: () => boolean;
  /** Asks the page to load again. */
  readonly reload: () => void;
  /** Whether the page shows the task of a change. Default: every task. */
  readonly concerns?: (change: TaskChange) => boolean;
}

/** Loads a visible page again while tasks change. */
export class Reloads implements vscode.Disposable {
  private readonly folders: TaskFolders;
  private readonly options: ReloadOptions;
  private readonly subscriptions: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;
  private lastLoadMs = 0;

  constructor(folders: TaskFolders, options: ReloadOptions) {
    this.folders = folders;
    this.options = options;
    this.subscriptions = [
      folders.onDidChange(() => this.schedule()),
      folders.onDidChangeTask((change) => {
        if (options.concerns?.(change) !== false) this.schedule();
      }),
    ];
  }

  /** Loads the page from the open folders. The time that it takes decides the time of the next load. */
  async load<T>(read: (open: readonly TaskFolder[]) => T | Promise<T>): Promise<T> {
    const started = performance.now();
    await Promise.all(this.folders.all.map((folder) => folder.settled()));
    const loaded = await read(this.folders.all.filter(({ host }) => host !== undefined));
    this.lastLoadMs = performance.now() - started;
    return loaded;
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const subscription of this.subscriptions.splice(0)) subscription.dispose();
  }

  /** Asks the page to load again soon. */
  schedule(): void {
    const { pauseMs, isVisible, reload } = this.options;
    if (!isVisible()) return;
    this.timer ??= setTimeout(
      () => {
        this.timer = undefined;
        reload();
      },
      Math.max(pauseMs, this.lastLoadMs * REST),
    );
  }
}
