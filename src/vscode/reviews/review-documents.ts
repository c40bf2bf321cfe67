import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { TaskError } from '../../core/errors.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { visibleFile } from '../../core/text/visible.ts';
import { reviewScheme } from '../contributions.ts';
import type { TaskChange, TaskFolder } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import { parseReviewUri, reviewUri } from './review-uri.ts';

/**
 * The changes of a task in the editor: the original on one side, read-only; on the other side the file in the task's
 * worktree, which can be edited there, or the version stored in git.
 */
export class ReviewDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly folders: TaskFolders;
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions: vscode.Disposable[];

  readonly onDidChange = this.changed.event;

  constructor(folders: TaskFolders) {
    this.folders = folders;
    this.subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(reviewScheme, this),
      folders.onDidChangeTask((change) => this.follow(change)),
    ];
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const wanted = parseReviewUri(uri);
    const folder = wanted && this.folders.find(wanted.folder);
    if (wanted === undefined || folder === undefined) return '';
    const { sides } = await operate(folder, 'task.diff', { task: wanted.task, file: wanted.file });
    const text = sides?.[wanted.side] ?? '';
    return wanted.codes ? visibleFile(text) : text;
  }

  /** @throws TaskError `NothingToReview` without changes, and the errors of the operation */
  async show(folder: TaskFolder, task: TaskRecord): Promise<void> {
    const { files, worktree } = await operate(folder, 'task.diff', { task: task.id, stat: true });
    const resources = files.map(({ path: file, change, added, hidden }): (vscode.Uri | undefined)[] => {
      // The editor may be set not to draw such characters: then both sides are shown as text with their codes.
      const place = worktree === null || hidden ? undefined : path.join(worktree, ...file.split('/'));
      const inWorktree = place !== undefined && existsSync(place) ? vscode.Uri.file(place) : undefined;
      const side = { folder: folder.path, task: task.id, file, codes: hidden };
      const before = reviewUri({ ...side, side: 'before' }, inWorktree);
      const after = inWorktree ?? reviewUri({ ...side, side: 'after' });
      // A binary file has no text to show on the side before; the editor shows its kind.
      const isNew = change === 'added' || (added === null && inWorktree !== undefined);
      return [after, isNew ? undefined : before, change === 'deleted' ? undefined : after];
    });
    if (resources.length === 0) {
      throw new TaskError('NothingToReview', l10n.t('Task #{0} has no changes.', task.number));
    }
    await vscode.commands.executeCommand('vscode.changes', l10n.t('Changes of #{0}', task.number), resources);
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
