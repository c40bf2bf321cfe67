import * as vscode from 'vscode';
import type { TaskRecord, TaskStatus } from '../../core/task/schema.ts';
import type { TaskChange, TaskFolder } from './task-folder.ts';
import type { TaskFolders } from './task-folders.ts';

/** A fact about a task in its situation; undefined for tasks without it. */
type FactOf<T> = (folder: TaskFolder, task: TaskRecord) => T | undefined;

/**
 * A fact about some tasks of each open folder. Reads all tasks when a folder opens or closes, or its queue changes; a
 * change of a task costs only the task and its neighbours.
 */
export class TaskFacts<T> implements vscode.Disposable {
  private readonly folders: TaskFolders;
  private readonly statuses: readonly TaskStatus[];
  private readonly factOf: FactOf<T>;
  private readonly facts = new Map<TaskFolder, Map<string, T>>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[];

  readonly onDidChange = this.changed.event;

  /** @param statuses those of tasks that can have the fact */
  constructor(folders: TaskFolders, statuses: readonly TaskStatus[], factOf: FactOf<T>) {
    this.folders = folders;
    this.statuses = statuses;
    this.factOf = factOf;
    this.subscriptions = [
      folders.onDidChange(() => this.rebuild()),
      folders.onDidChangeTask((change) => this.update(change)),
    ];
    this.rebuild();
  }

  /** The facts of a folder by the ids of their tasks. */
  of(folder: TaskFolder): ReadonlyMap<string, T> {
    return this.facts.get(folder) ?? new Map();
  }

  get all(): Iterable<readonly [TaskFolder, ReadonlyMap<string, T>]> {
    return this.facts;
  }

  dispose(): void {
    for (const subscription of this.subscriptions.splice(0)) subscription.dispose();
    this.changed.dispose();
  }

  private rebuild(): void {
    this.facts.clear();
    for (const folder of this.folders.all) {
      const view = folder.host?.store.view;
      if (view === undefined) continue;
      const found = new Map<string, T>();
      for (const status of this.statuses) {
        for (const task of view.byStatus(status)) this.set(folder, found, task.id, task);
      }
      this.facts.set(folder, found);
    }
    this.changed.fire();
  }

  private update({ folder, taskId, task }: TaskChange): void {
    const known = this.facts.get(folder);
    const view = folder.host?.store.view;
    if (known === undefined || view === undefined) return;
    let isChanged = this.set(folder, known, taskId, task);
    // A dependency that failed or was restarted blocks or releases the tasks that wait for it; a limit counts for parts.
    for (const other of [...view.dependents(taskId), ...view.children(taskId)]) {
      isChanged = this.set(folder, known, other.id, other) || isChanged;
    }
    if (isChanged) this.changed.fire();
  }

  /** True if the fact changed. */
  private set(folder: TaskFolder, known: Map<string, T>, id: string, task: TaskRecord | undefined): boolean {
    const fact = task === undefined ? undefined : this.factOf(folder, task);
    if (known.get(id) === fact) return false;
    if (fact === undefined) known.delete(id);
    else known.set(id, fact);
    return true;
  }
}
