import * as vscode from 'vscode';
import { DisposableStack } from '../../core/disposable.ts';
import { TaskError } from '../../core/errors.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Host } from '../../host.ts';
import { mayNameStore } from '../../runtime/settings/may-name-store.ts';
import { hasStore, watchForStore } from '../../store/discovery.ts';

/** Whether the store of a folder is open. `absent`: the folder has no store yet, and no file was written into it. */
export type FolderState =
  | { readonly kind: 'absent' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly host: Host }
  | { readonly kind: 'failed'; readonly error: unknown };

/** A task of a folder was created, changed or deleted, by this process or another one. */
export interface TaskChange {
  readonly folder: TaskFolder;
  readonly taskId: string;
  /** The current record; undefined when the task was deleted. */
  readonly task: TaskRecord | undefined;
}

/** Opens the host of a folder. Passed in, so that this file does not depend on how a host is composed. */
export type OpenFolder = (folder: string) => Promise<Host>;

/**
 * One workspace folder and its tasks. If the folder has a store, it opens in the background. Otherwise the first
 * command that needs the store opens it, because showing a folder must not write into it.
 */
export class TaskFolder implements vscode.Disposable {
  readonly folder: vscode.WorkspaceFolder;
  private readonly openHost: OpenFolder;
  private readonly arrival: vscode.Disposable;
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
    // Another process may create the store. A missed file event must not leave the view empty, so the watcher also
    // polls.
    this.arrival = watchForStore(this.path, () => this.openIfPresent());
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

  /** The open host, or undefined. For callers that draw now and draw again when the state changes. */
  get host(): Host | undefined {
    return this.current.kind === 'ready' ? this.current.host : undefined;
  }

  /** Whether the queue plays: ready tasks start automatically. */
  get isPlaying(): boolean {
    return this.host?.queue?.current.playing === true;
  }

  /** Opens the store unless it is open or opening, and waits for it. A second caller gets the promise in flight. */
  ready(): Promise<Host> {
    this.opening ??= this.open();
    return this.opening;
  }

  /** Resolves when the folder has finished loading, with any result. */
  async settled(): Promise<void> {
    while (this.current.kind === 'loading' && !this.disposed) await firstEvent(this.onDidChangeState);
  }

  /**
   * Opens the store again, after a failure or when the options of the first opening have changed. The open store stays
   * in use until the new one is open, so that the view does not flicker.
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
    this.arrival.dispose();
    this.listeners.dispose();
    void this.release(this.opening);
    this.stateChanged.dispose();
    this.taskChanged.dispose();
  }

  /** Resolves when every host of this folder is closed. */
  async closed(): Promise<void> {
    await this.closing;
  }

  /** Opens the store if the folder has one. A store that failed to open waits for `reopen`. */
  private openIfPresent(): void {
    if (this.opening !== undefined || this.disposed || this.current.kind === 'failed') return;
    void (async () => {
      const present = (await hasStore(this.path)) || (await mayNameStore(this.path));
      if (this.disposed || this.opening !== undefined) return;
      // A failure becomes the `failed` state, which the view shows and the log explains.
      if (present) await this.ready().catch(() => {});
      else if (this.current.kind === 'loading') this.set({ kind: 'absent' });
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
      this.arrival.dispose();
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

  /** Closes a host that is open or opening. */
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

function firstEvent(event: vscode.Event<void>): Promise<void> {
  return new Promise((resolve) => {
    const listening = event(() => {
      listening.dispose();
      resolve();
    });
  });
}
