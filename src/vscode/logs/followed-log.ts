import type * as vscode from 'vscode';
import type { Disposable } from '../../core/disposable.ts';
import type { TaskLogEntry } from '../../core/task/log-entry.ts';
import type { TaskStore } from '../../store/task-store.ts';

/** The new entries of one log. A folder that is opened again has another store, in which its logs are followed on. */
export class FollowedLog implements vscode.Disposable {
  private readonly taskId: string;
  private readonly listener: (entries: readonly TaskLogEntry[]) => void;
  private store: TaskStore;
  private position: number;
  private following: Disposable;
  private disposed = false;

  constructor(
    store: TaskStore,
    taskId: string,
    position: number,
    listener: (entries: readonly TaskLogEntry[]) => void,
  ) {
    this.taskId = taskId;
    this.listener = listener;
    this.store = store;
    this.position = position;
    this.following = this.follow();
  }

  /** Follows on in this store, from the last entry that was reported. */
  moveTo(store: TaskStore): void {
    if (this.disposed || store === this.store) return;
    this.store = store;
    this.following.dispose();
    this.following = this.follow();
  }

  dispose(): void {
    this.disposed = true;
    this.following.dispose();
  }

  private follow(): Disposable {
    return this.store.followLog(this.taskId, this.position, (entries, next) => {
      this.position = next;
      this.listener(entries);
    });
  }
}
