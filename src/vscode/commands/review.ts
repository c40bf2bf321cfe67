import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { worktreePath } from '../../core/task/work-path.ts';
import { openWorkspace } from '../../core/task/workspace.ts';
import { l10n } from '../present/l10n.ts';
import { showChanges } from '../reviews/review-editor.ts';
import type { Handler } from './context.ts';
import { taskTarget } from './task-target.ts';

/** Shows the result of a task in its worktree. A caller may name one file of it as the third argument. */
export const reviewChanges: Handler = async (context, args) => {
  const target = await taskTarget(context, args, 'reviewable', l10n.t('Review the changes of a task'));
  if (target === undefined) return;
  const file = args[2];
  await context.reviews.get();
  await showChanges(target.folder, target.task, typeof file === 'string' ? file : undefined);
};

export const openWorktree: Handler = async (context, args) => {
  const target = await taskTarget(context, args, 'hasWorktree', l10n.t('Open the worktree of a task'));
  if (target === undefined) return;
  const workspace = openWorkspace(target.task);
  const place = workspace && worktreePath(target.folder.path, workspace);
  if (place === undefined || !existsSync(place)) {
    throw new TaskError('WorktreeMissing', l10n.t('Task #{0} has no worktree.', target.task.number), {
      next: [
        textStep(l10n.t('It was merged, discarded or removed. Review Changes shows the changes that git still has.')),
      ],
    });
  }
  await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(place), { forceNewWindow: true });
};
