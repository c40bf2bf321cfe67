import type * as vscode from 'vscode';
import { openHost } from '../../../src/host.ts';
import { NeedingTasks } from '../../../src/vscode/folders/needing-tasks.ts';
import { TaskFolders } from '../../../src/vscode/folders/task-folders.ts';
import { initialArrangement } from '../../../src/vscode/tree/arrangement.ts';
import type { TreeNode } from '../../../src/vscode/tree/node.ts';
import { TreeProvider } from '../../../src/vscode/tree/tree-provider.ts';

/** A tree beside the one that is shown, of the same code on the same store, with a door to its rows. */
export class TestTree implements vscode.Disposable {
  readonly provider: TreeProvider;
  /** What was asked to be drawn again, newest last; undefined is all. */
  readonly redrawn: (readonly TreeNode[] | undefined)[] = [];
  private readonly folders: TaskFolders;

  constructor() {
    this.folders = new TaskFolders((folder) =>
      openHost({ folder, actor: 'Tree Test', workerCommand: { command: process.execPath, args: [] } }),
    );
    this.provider = new TreeProvider(this.folders, new NeedingTasks(this.folders), {
      current: initialArrangement,
      onDidChange: () => ({ dispose: () => {} }),
    });
    this.provider.onDidChangeTreeData((nodes) => this.redrawn.push(nodes));
  }

  async ready(): Promise<this> {
    for (const folder of this.folders.all) await folder.ready();
    return this;
  }

  /** The elements below another, or the first ones; of stores that are open, they are there at once. */
  below(node?: TreeNode): TreeNode[] {
    const children = this.provider.getChildren(node);
    if (!Array.isArray(children)) throw new Error('A store is still opening.');
    return children;
  }

  /** The rows as indented lines: label, description, and what a `when` clause sees of them. */
  rows(node?: TreeNode, indent = ''): string[] {
    return this.below(node).flatMap((child) => {
      const { label, description, contextValue } = this.provider.getTreeItem(child);
      return [`${indent}${label} | ${description} | ${contextValue}`, ...this.rows(child, `${indent}  `)];
    });
  }

  /** The item of the row whose label has these words. */
  item(words: string): vscode.TreeItem | undefined {
    return this.find(words)?.item;
  }

  /** The item of the row whose label has these words, with the parts that the editor asks for on hover. */
  async hovered(words: string): Promise<vscode.TreeItem | undefined> {
    const found = this.find(words);
    return found === undefined ? undefined : this.provider.resolveTreeItem(found.item, found.node);
  }

  private find(words: string, node?: TreeNode): { item: vscode.TreeItem; node: TreeNode } | undefined {
    for (const child of this.below(node)) {
      const item = this.provider.getTreeItem(child);
      const found = String(item.label).includes(words) ? { item, node: child } : this.find(words, child);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async close(): Promise<void> {
    this.dispose();
    await this.folders.closed();
  }

  dispose(): void {
    this.provider.dispose();
    this.folders.dispose();
  }
}
