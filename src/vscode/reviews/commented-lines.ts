import type * as vscode from 'vscode';
import type { TaskFolders } from '../folders/task-folders.ts';
import { parseReviewUri } from './review-uri.ts';
import { worktreeFile } from './worktree-file.ts';

/** The place of a document in the changes of a task. */
export interface ReviewedFile {
  /** Path of the workspace folder. */
  readonly folder: string;
  readonly task: string;
  /** Path in the repository. */
  readonly file: string;
  readonly before: boolean;
}

/** The file of a task that a document shows: a side of its changes, or a file in its worktree. */
export function reviewedFile(folders: TaskFolders, uri: vscode.Uri): ReviewedFile | undefined {
  const side = parseReviewUri(uri);
  if (side !== undefined) return { ...side, before: side.side === 'before' };
  if (uri.scheme !== 'file') return undefined;
  for (const folder of folders.all) {
    const found = worktreeFile(folder.path, (number) => folder.host?.store.view.byNumber(number), uri.fsPath);
    if (found !== undefined) return { folder: folder.path, task: found.task.id, file: found.file, before: false };
  }
  return undefined;
}
