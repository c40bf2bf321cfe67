import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { TaskError } from '../../core/errors.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import { changesUri } from './changes-uri.ts';
import { reviewUri } from './review-uri.ts';

interface Sides {
  readonly originalUri: vscode.Uri | undefined;
  readonly modifiedUri: vscode.Uri | undefined;
}

/**
 * Shows all changed files of a task, or one of them.
 *
 * @throws TaskError `NothingToReview` without changes, and the errors of the operation
 */
export async function showChanges(folder: TaskFolder, task: TaskRecord, only?: string): Promise<void> {
  const { files: all, worktree } = await operate(folder, 'task.diff', { task: task.id, stat: true });
  const files = only === undefined ? all : all.filter(({ path: file }) => file === only);
  const resources = files.map(({ path: file, change, added, hidden }): Sides => {
    // The editor may be set not to draw such characters: then both sides are shown as text with their codes.
    const place = worktree === null || hidden ? undefined : path.join(worktree, ...file.split('/'));
    const inWorktree = place !== undefined && existsSync(place) ? vscode.Uri.file(place) : undefined;
    const side = { folder: folder.path, task: task.id, file, codes: hidden };
    const before = reviewUri({ ...side, side: 'before' }, inWorktree);
    const after = inWorktree ?? reviewUri({ ...side, side: 'after' });
    // A binary file has no text to show on the side before; the editor shows its kind.
    const isNew = change === 'added' || (added === null && inWorktree !== undefined);
    return { originalUri: isNew ? undefined : before, modifiedUri: change === 'deleted' ? undefined : after };
  });
  if (resources.length === 0) {
    throw new TaskError('NothingToReview', l10n.t('Task #{0} has no changes.', task.number));
  }
  const title = l10n.t('Changes of #{0}', task.number);
  const multiDiffSourceUri = changesUri({ folder: folder.path, task: task.id }, only);
  try {
    // The documented command cannot name the source, which the buttons in the title need.
    await vscode.commands.executeCommand('_workbench.openMultiDiffEditor', { title, multiDiffSourceUri, resources });
  } catch {
    const sides = resources.map(({ originalUri, modifiedUri }) => [
      modifiedUri ?? originalUri,
      originalUri,
      modifiedUri,
    ]);
    await vscode.commands.executeCommand('vscode.changes', title, sides);
  }
}
