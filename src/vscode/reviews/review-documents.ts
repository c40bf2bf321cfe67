import * as vscode from 'vscode';
import { visibleFile } from '../../core/text/visible.ts';
import { reviewScheme } from '../contributions.ts';
import type { TaskChange } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { operate } from '../operate.ts';
import { parseReviewUri } from './review-uri.ts';

/**
 * The changes of a task in the editor: the original on one side, read-only; on the other side the file in the task's
 * worktree, which can be edited there, or the version stored in git.
 */
export class ReviewDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly folders: TaskFolders;
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions: vscode.Disposable[];

  readonly onDidChange = this.changed.event;

  /** @param opened called when an editor reads a side of a change */
  constructor(folders: TaskFolders, opened: () => void) {
    this.folders = folders;
    this.opened = opened;
    this.subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(reviewScheme, this),
      folders.onDidChangeTask((change) => this.follow(change)),
    ];
  }

  private readonly opened: () => void;

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    this.opened();
    const wanted = parseReviewUri(uri);
    const folder = wanted && this.folders.find(wanted.folder);
    if (wanted === undefined || folder === undefined) return '';
    const { sides } = await operate(folder, 'task.diff', { task: wanted.task, file: wanted.file });
    const text = sides?.[wanted.side] ?? '';
    return wanted.codes ? visibleFile(text) : text;
  }

  dispose(): void {
    for (const subscription of this.subscriptions.splice(0).reverse()) subscription.dispose();
    this.changed.dispose();
  }

  /** Reloads open documents of a restarted, merged or discarded task. */
  private follow({ folder, taskId }: TaskChange): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      const shown = parseReviewUri(uri);
      if (shown?.task === taskId && shown.folder === folder.path) this.changed.fire(uri);
    }
  }
}
