import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace } from '../../core/task/workspace.ts';
import { fetchResult } from '../worktrees/fetch-result.ts';
import { branchRef, type Repository } from '../worktrees/repository.ts';
import type { WorktreeContext } from '../worktrees/review.ts';

/** Tasks on whose unmerged results a task builds, directly or through others, in the order in which to merge them. */
export async function unmergedBelow(
  context: WorktreeContext,
  repository: Repository,
  task: TaskRecord,
): Promise<TaskRecord[]> {
  const { git, head } = repository;
  const order: TaskRecord[] = [];
  const seen = new Set<string>([task.id]);
  const visit = async (above: TaskRecord): Promise<void> => {
    for (const id of above.workspace?.includes ?? []) {
      const below = context.store.view.dependency(id);
      const workspace = below === undefined ? undefined : openWorkspace(below);
      if (below === undefined || workspace === undefined || seen.has(id)) continue;
      seen.add(id);
      await fetchResult(context, repository, below);
      const tip = await git.commit(branchRef(workspace));
      if (tip === undefined || (await git.isAncestor(tip, head))) continue;
      await visit(below);
      order.push(below);
    }
  };
  await visit(task);
  return order;
}
