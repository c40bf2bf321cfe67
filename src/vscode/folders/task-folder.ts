import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { DisposableStack } from '../../core/disposable.ts';
import { TaskError } from '../../core/errors.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Host } from '../../host.ts';

/** Where the tasks of one folder stand. `absent`: the folder has none yet, and nothing was written into it. */
export type FolderState =
  | { readonly kind: 'absent' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly host: Host }
  | { readonly kind: 'failed'; readonly error: unknown };

/** A task of a folder is new, changed (whoever did it), or gone. */
export interface TaskChange {
  readonly folder: TaskFolder;
  readonly taskId: string;
  /** The task as it is now; undefined when it was deleted. */
  readonly task: TaskRecord | undefined;
}

/** After a sign of a new store it is looked for so often, with so many milliseconds between: folders come before files. */
const LOOKS = 10;
const LOOK_MS = 200;

/** Opens what is behind a folder; given from outside so that this file knows nothing of how. */
export type OpenFolder = (folder: string) => Promise<Host>;

/**
 * One workspace folder and its tasks. The store is opened in the background when the folder has one, else by the first
 * command that needs it: looking at a folder must not write into it.
 */
export class TaskFolder implements vscode.Disposable {
  readonly folder: vscode.WorkspaceFolder;
  private readonly openHost: OpenFolder;
  private readonly watcher: vscode.FileSystemWatcher;
  private readonly stateChanged = new vscode.EventEmitter<void>();
  private readonly taskChanged = new vscode.EventEmitter<TaskChange>();
  private current: FolderState = { kind: 'loading' };
  private opening: Promise<Host> | undefined;
  private closing: Promise<void> = Promise.resolve();
  private listeners = new DisposableStack();
  private disposed = false;

  readonly onDidChangeState = this.stateChanged.event;
  readonly onDidChangeTask = this.taskChanged.event;

  constructor(folder: vscode.WorkspaceFolder, openHost: OpenFolder) {
    this.folder = folder;
    this.openHost = openHost;
    // Another process, the command line say, may make the first task of the folder. Of folders that are made one in the
    // other the editor may only see the outermost.
    const pattern = new vscode.RelativePattern(folder, '.systemprompt{,/state,/state/*}');
    this.watcher = vscode.workspace.createFileSystemWatcher(pattern, false, true, true);
    this.watcher.onDidCreate(() => this.openIfPresent(LOOKS));
    this.openIfPresent();
  }

  get name(): string {
    return this.folder.name;
  }

  get path(): string {
    return this.folder.uri.fsPath;
  }

  get state(): FolderState {
    return this.current;
  }

  /** The open host, if it is open: for what is drawn now and drawn again when that changes. */
  get host(): Host | undefined {
    return this.current.kind === 'ready' ? this.current.host : undefined;
  }

  /** Whether tasks run here that nobody has started. */
  get isPlaying(): boolean {
    return this.host?.queue?.current.playing === true;
  }

  /** Waits for the store, and opens it when that was not begun. A second caller gets the promise in flight. */
  ready(): Promise<Host> {
    this.opening ??= this.open();
    return this.opening;
  }

  /**
   * Opens the store anew: after a failure, or when what it was opened with has changed. An open one stays in use until
   * the new one is there, so that nothing on the screen comes and goes.
   */
  async reopen(): Promise<void> {
    if (this.current.kind === 'absent') return this.openIfPresent();
    const before = this.opening;
    this.opening = this.open();
    await this.opening.catch(() => {});
    await this.release(before);
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.watcher.dispose();
    this.listeners.dispose();
    void this.release(this.opening);
    this.stateChanged.dispose();
    this.taskChanged.dispose();
  }

  /** Resolves when nothing of the folder is open any more. */
  async closed(): Promise<void> {
    await this.closing;
  }

  /** Opens the store if the folder has one, looking so many times. */
  private openIfPresent(looks = 1): void {
    if (this.opening !== undefined || this.disposed) return;
    void (async () => {
      const present = await exists(path.join(this.path, '.systemprompt', 'state'));
      if (this.disposed || this.opening !== undefined) return;
      // A failure to open is a state that the view shows, and the log tells of it.
      if (present) await this.ready().catch(() => {});
      else {
        if (this.current.kind !== 'absent') this.set({ kind: 'absent' });
        if (looks > 1) setTimeout(() => this.openIfPresent(looks - 1), LOOK_MS);
      }
    })();
  }

  private async open(): Promise<Host> {
    if (this.current.kind !== 'ready') this.set({ kind: 'loading' });
    try {
      const host = await this.openHost(this.path);
      if (this.disposed) {
        await host.close();
        throw new TaskError('StoreClosed', `The folder ${this.name} was closed.`);
      }
      this.listen(host);
      this.set({ kind: 'ready', host });
      return host;
    } catch (error) {
      this.opening = undefined;
      this.set({ kind: 'failed', error });
      throw error;
    }
  }

  private listen({ store, queue }: Host): void {
    this.listeners.dispose();
    this.listeners = new DisposableStack();
    const changed = ({ task }: { task: TaskRecord }): void =>
      this.taskChanged.fire({ folder: this, taskId: task.id, task });
    this.listeners.add(store.on('task:created', changed));
    if (queue !== undefined) this.listeners.add(queue.onChange(() => this.stateChanged.fire()));
    this.listeners.add(store.on('task:updated', changed));
    this.listeners.add(
      store.on('task:deleted', ({ taskId }) => this.taskChanged.fire({ folder: this, taskId, task: undefined })),
    );
  }

  /** Closes a host that was or is being opened. */
  private release(opening: Promise<Host> | undefined): Promise<void> {
    const earlier = this.closing;
    this.closing = (async () => {
      const host = await opening?.catch(() => undefined);
      await host?.close().catch(() => {});
      await earlier;
    })();
    return this.closing;
  }

  private set(state: FolderState): void {
    this.current = state;
    if (!this.disposed) this.stateChanged.fire();
  }
}

async function exists(folder: string): Promise<boolean> {
  return stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
