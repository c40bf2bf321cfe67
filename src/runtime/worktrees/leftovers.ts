import { existsSync } from 'node:fs';
import { TaskError } from '../../core/errors.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace } from '../../core/task/workspace.ts';
import { worktreeFolder } from './place.ts';
import { removeWorktree, whyKept } from './remove.ts';
import { branchRef, findRepository } from './repository.ts';
import type { WorktreeContext } from './review.ts';
import { ownPaths } from './snapshot.ts';

/**
 * Removes the worktrees and branches of merged and discarded work whose removal a crash interrupted. Worktrees with
 * changes that are not saved elsewhere stay.
 */
export async function removeLeftovers(context: WorktreeContext, tasks: Iterable<TaskRecord>): Promise<void> {
  const settled = [...tasks].filter((task) => task.lease === undefined && isSettled(task));
  if (settled.length === 0) return;
  const repository = await findRepository(context.store.folder);
  if ('reason' in repository) return;
  const except = ownPaths(repository.prefix, context.settings.worktrees?.link ?? []);
  const refs = await repository.git.text(['for-each-ref', '--format=%(refname)', 'refs/heads/']);
  const branches = new Set(refs.split('\n'));
  for (const { id, number, workspace } of settled) {
    if (workspace === undefined) continue;
    if (!branches.has(branchRef(workspace)) && !existsSync(worktreeFolder(repository, workspace))) continue;
    try {
      const saved = await repository.git.commit(workspace.merged_commit ?? workspace.discarded_ref ?? '');
      if (saved === undefined) continue;
      if ((await whyKept(repository, workspace, saved, except)) !== undefined) continue;
      // A restarted task has a worktree in the same place.
      const now = context.store.view.byId(id);
      if (now === undefined || now.lease !== undefined || !isSettled(now)) continue;
      await removeWorktree(repository, workspace);
    } catch (error) {
      context.logger.warn(`The worktree of #${number} stays: ${TaskError.from(error).message}`);
    }
  }
}

function isSettled({ workspace, ...task }: TaskRecord): boolean {
  return workspace !== undefined && openWorkspace({ ...task, workspace }) === undefined;
}
