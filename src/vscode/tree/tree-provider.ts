import * as vscode from 'vscode';
import type { NeedingTasks } from '../folders/needing-tasks.ts';
import type { TaskChange, TaskFolder } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { type MoreNode, PAGE, type TaskNode, type TreeNode } from './node.ts';
import type { SavedArrangement } from './saved-arrangement.ts';
import { approvalItem, folderItem, groupItem, moreItem, taskItem } from './tree-item.ts';
import { TreeModel } from './tree-model.ts';

/**
 * Minimum milliseconds between two refreshes. The editor debounces refreshes by 200 ms and would postpone an earlier
 * one repeatedly; with a larger interval, each is drawn at once.
 */
const REFRESH_MS = 210;
/** Ages in the rows are rounded to minutes. */
const AGING_MS = 30_000;

/** Feeds the tree: items of elements, and refreshes of those that changed, collected over a short time. */
export class TreeProvider implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly folders: TaskFolders;
  private readonly model: TreeModel;
  private readonly changed = new vscode.EventEmitter<TreeNode[] | undefined>();
  private readonly subscriptions: vscode.Disposable[];
  private readonly waiting = new Set<TreeNode>();
  private waitingForAll = false;
  /** The folders or their expanded parts changed; the next refresh checks whether that is visible. */
  private foldersChanged = false;
  private timer: NodeJS.Timeout | undefined;
  private refreshedAt = 0;
  /** The first rows were handed out. */
  private begun = false;
  /** The rows without a parent that were handed out last. */
  private drawn: TreeNode[] = [];

  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    folders: TaskFolders,
    needing: NeedingTasks,
    arrangement: Pick<SavedArrangement, 'current' | 'onDidChange'>,
  ) {
    this.folders = folders;
    this.model = new TreeModel(folders, needing);
    this.model.arrange(arrangement.current);
    const aging = setInterval(() => this.redraw(this.model.aging()), AGING_MS);
    this.subscriptions = [
      folders.onDidChange(() => {
        this.foldersChanged = true;
        this.schedule();
      }),
      folders.onDidChangeTask((change: TaskChange) => this.redraw(this.model.change(change))),
      arrangement.onDidChange(() => {
        this.model.arrange(arrangement.current);
        this.refresh();
      }),
      { dispose: () => clearInterval(aging) },
    ];
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    switch (node.kind) {
      case 'folder':
        return folderItem(node);
      case 'group':
        return groupItem(node, this.model.count(node));
      case 'task':
        return taskItem(node, this.model.context(node, Date.now()), this.model.hasParts(node));
      case 'approval':
        return approvalItem(node);
      case 'more':
        return moreItem(node, this.model.count(node.parent) - node.parent.shown.size);
    }
  }

  getChildren(node?: TreeNode): TreeNode[] | Promise<TreeNode[]> {
    if (node !== undefined) return this.model.children(node);
    return this.begun || !this.isLoading() ? this.roots() : this.firstRoots();
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return this.model.parent(node);
  }

  async resolveTreeItem(item: vscode.TreeItem, node: TreeNode): Promise<vscode.TreeItem> {
    // Most windows show no tooltip for a while.
    const { approvalHover, storeHover, taskHover } = await import('./hovers.ts');
    if (node.kind === 'folder') item.tooltip ??= await storeHover(node);
    if (node.kind === 'group') item.tooltip = await storeHover(node.parent);
    if (node.kind === 'task') item.tooltip = taskHover(node, this.model.context(node, Date.now()));
    if (node.kind === 'approval') item.tooltip = approvalHover(node);
    return item;
  }

  /** The element of a task, for showing it in the tree. */
  find(folder: TaskFolder, taskId: string): TaskNode | undefined {
    return this.model.find(folder, taskId);
  }

  /** The first row, if there is any. */
  first(): TreeNode | undefined {
    return this.drawn[0];
  }

  showMore({ parent }: MoreNode): void {
    parent.limit += PAGE;
    this.redraw([parent]);
  }

  /** Draws everything again. */
  refresh(): void {
    this.redraw('all');
  }

  dispose(): void {
    for (const subscription of this.subscriptions.splice(0)) subscription.dispose();
    clearTimeout(this.timer);
    this.changed.dispose();
  }

  private isLoading(): boolean {
    return this.folders.all.some(({ state }) => state.kind === 'loading');
  }

  private roots(): TreeNode[] {
    this.begun = true;
    this.refreshedAt = Date.now();
    this.drawn = this.model.roots();
    return this.drawn;
  }

  /**
   * The first rows appear once the stores are open, without a redraw in between: the editor may lose the rows of its
   * first request if a refresh overtakes them.
   */
  private firstRoots(): Promise<TreeNode[]> {
    const { promise, resolve } = Promise.withResolvers<TreeNode[]>();
    const look = (): void => {
      if (this.isLoading()) return;
      listening.dispose();
      resolve(this.roots());
    };
    const listening = this.folders.onDidChange(look);
    this.subscriptions.push(listening, { dispose: () => resolve([]) });
    return promise;
  }

  private redraw(what: 'all' | readonly TreeNode[]): void {
    if (what === 'all') this.waitingForAll = true;
    else for (const node of what) this.waiting.add(node);
    if (this.waitingForAll || this.waiting.size > 0) this.schedule();
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => this.flush(), Math.max(0, this.refreshedAt + REFRESH_MS - Date.now()));
  }

  private flush(): void {
    this.timer = undefined;
    // A row that was never drawn is created in its current state.
    if (this.begun) this.draw();
    this.forget();
  }

  private draw(): void {
    // Drawing a parent includes its children.
    const nodes = [...this.waiting].filter((node) => {
      const parent = this.model.parent(node);
      return parent === undefined || !this.waiting.has(parent);
    });
    const all = this.waitingForAll || (this.foldersChanged && this.model.outdated());
    if (!all && nodes.length === 0) return;
    this.refreshedAt = Date.now();
    this.changed.fire(all ? undefined : nodes);
  }

  private forget(): void {
    this.waiting.clear();
    this.waitingForAll = false;
    this.foldersChanged = false;
  }
}
