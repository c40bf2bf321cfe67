import * as vscode from 'vscode';
import type { Approval } from '../../core/task/approval.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { noticedRequests } from '../present/notice-text.ts';
import { folderStanding } from './folder-standing.ts';
import type { TaskChange, TaskFolder } from './task-folder.ts';
import type { TaskFolders } from './task-folders.ts';

/** A request that waits for a person. */
export interface PendingApproval {
  readonly folder: TaskFolder;
  readonly task: TaskRecord;
  readonly approval: Approval;
}

/**
 * The pending requests of all folders, oldest first. Changes keep the list up to date, so that badge, status bar and
 * notifications never go through all tasks.
 */
export class PendingApprovals implements vscode.Disposable {
  private readonly folders: TaskFolders;
  private readonly asking = new Map<TaskFolder, Map<string, TaskRecord>>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[];

  readonly onDidChange = this.changed.event;

  constructor(folders: TaskFolders) {
    this.folders = folders;
    this.subscriptions = [
      folders.onDidChange(() => this.rebuild()),
      folders.onDidChangeTask((change) => this.update(change)),
    ];
    this.rebuild();
  }

  list(): PendingApproval[] {
    const all: PendingApproval[] = [];
    for (const [folder, tasks] of this.asking) {
      for (const task of tasks.values()) {
        for (const approval of requestsOf(folder, task)) all.push({ folder, task, approval });
      }
    }
    return all.sort((a, b) => (a.approval.requested_at < b.approval.requested_at ? -1 : 1));
  }

  dispose(): void {
    for (const subscription of this.subscriptions.splice(0)) subscription.dispose();
    this.changed.dispose();
  }

  /** Iterates over all tasks with requests when a folder opens or closes. */
  private rebuild(): void {
    this.asking.clear();
    for (const folder of this.folders.all) {
      const view = folder.host?.store.view;
      if (view === undefined) continue;
      const tasks = new Map<string, TaskRecord>();
      for (const status of ['pending', 'in_progress', 'paused'] as const) {
        for (const task of view.byStatus(status)) if (requestsOf(folder, task).length > 0) tasks.set(task.id, task);
      }
      this.asking.set(folder, tasks);
    }
    this.changed.fire();
  }

  private update({ folder, taskId, task }: TaskChange): void {
    const tasks = this.asking.get(folder);
    if (tasks === undefined) return;
    const asked = tasks.has(taskId);
    const asks = task !== undefined && requestsOf(folder, task).length > 0;
    if (asks) tasks.set(taskId, task);
    else tasks.delete(taskId);
    if (asked || asks) this.changed.fire();
  }
}

function requestsOf(folder: TaskFolder, task: TaskRecord): readonly Approval[] {
  return task.approvals.length === 0 ? [] : noticedRequests(folderStanding(folder, task, Date.now()));
}
