import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace } from '../../core/task/workspace.ts';
import { isCheckout } from '../worktrees/checkout.ts';
import { Git } from '../worktrees/git.ts';
import { findRepository } from '../worktrees/repository.ts';
import { openReview, type WorktreeContext } from '../worktrees/review.ts';
import { ownPaths } from '../worktrees/snapshot.ts';

/** The checkout that has the files of a task. */
export interface Place {
  /** Git at the top of the checkout that the task works in. */
  readonly git: Git;
  /** The part of the checkout that the task may change: empty for all of it, else with a slash at its end. */
  readonly within: string;
  /** Paths in the checkout that are not part of the work. */
  readonly except: readonly string[];
}

/** The checkout of a task, or why git cannot keep its files. */
export async function placeOf(
  context: WorktreeContext,
  task: TaskRecord,
): Promise<Place | { readonly reason: string; readonly gone?: 'worktree' }> {
  if (openWorkspace(task) !== undefined) {
    const review = await openReview(context, task);
    if (!existsSync(review.folder)) return { reason: 'its worktree is gone', gone: 'worktree' };
    if (!(await isCheckout(review))) return { reason: `${review.folder} is no longer its worktree` };
    return { git: review.repository.git.at(review.folder), within: '', except: review.except };
  }
  if (task.workspace?.merged_at !== undefined) return { reason: 'its work is merged' };
  if (task.workspace !== undefined) return { reason: 'its work was discarded' };
  const shared = (task.isolation ?? context.settings.isolation) === 'none';
  const repository = await findRepository(context.store.folder);
  if (!shared && !('reason' in repository && repository.absent)) {
    return { reason: 'reason' in repository ? repository.reason : 'it has not begun, or changed nothing' };
  }
  return folderItself(context);
}

/** The workspace folder, for a task without a worktree. A repository without a commit can keep files, too. */
async function folderItself(context: WorktreeContext): Promise<Place | { readonly reason: string }> {
  const here = new Git(context.store.folder);
  const top = await here.probe(['rev-parse', '--show-toplevel']);
  if ('failure' in top) return { reason: top.reason };
  if (top.code !== 0) return { reason: 'git finds no repository that it may use in its folder' };
  const root = top.stdout.replace(/\n$/, '');
  const path = relative(await realpath(root), await realpath(context.store.folder));
  if (path !== '' && (await here.try(['check-ignore', '--quiet', '.'])).code === 0) {
    return { reason: 'git ignores its folder' };
  }
  const within = path === '' ? '' : `${path.split(sep).join('/')}/`;
  return { git: here.at(root), within, except: ownPaths(within, context.settings.worktrees?.link ?? []) };
}
