import * as vscode from 'vscode';
import { openWorkspace } from '../../core/task/workspace.ts';
import type { ReviewContext } from '../contributions.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { type RowFlag, rowFlags } from '../present/task-state.ts';
import type { ContextKeys } from '../register.ts';
import type { SavedComments } from './saved-comments.ts';

/** The flag of the tasks in each list that `when` clauses of the title of a diff read. */
const lists: Readonly<Record<Exclude<keyof ReviewContext, 'systemprompt.commentedTasks'>, RowFlag>> = {
  'systemprompt.mergeableTasks': 'mergeable',
  'systemprompt.discardableTasks': 'discardable',
  'systemprompt.promptableTasks': 'followable',
  'systemprompt.returnableTasks': 'returnable',
};

/** Keeps the buttons in the title of a diff true: each is offered only for tasks that support it now. */
export class ReviewTitles implements vscode.Disposable {
  private readonly folders: TaskFolders;
  private readonly saved: SavedComments;
  private readonly keys: ContextKeys;
  private readonly subscriptions: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;

  constructor(folders: TaskFolders, saved: SavedComments, keys: ContextKeys) {
    this.folders = folders;
    this.saved = saved;
    this.keys = keys;
    const soon = (): void => {
      this.timer ??= setTimeout(() => this.write(), 100);
    };
    this.subscriptions = [
      folders.onDidChangeTask(soon),
      folders.onDidChange(soon),
      saved.onDidChange(() => this.write()),
    ];
    this.write();
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private write(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const found = new Map<RowFlag, string[]>(Object.values(lists).map((flag) => [flag, []]));
    for (const folder of this.folders.all) {
      for (const task of folder.host?.store.view.all() ?? []) {
        if (task.workspace === undefined || openWorkspace(task) === undefined) continue;
        for (const flag of rowFlags(task)) found.get(flag)?.push(task.id);
      }
    }
    for (const [key, flag] of Object.entries(lists) as [keyof ReviewContext, RowFlag][]) {
      this.keys.set(key, found.get(flag) ?? []);
    }
    this.keys.set('systemprompt.commentedTasks', [...new Set(this.saved.all.map(({ task }) => task))]);
  }
}
