import { TaskError } from '../../core/errors.ts';
import { operationStep, shellStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { remoteOf } from '../worktrees/remote.ts';
import type { Repository } from '../worktrees/repository.ts';
import type { WorktreeContext } from '../worktrees/review.ts';
import { changedLinks, eachSubmodule, isKept, superproject } from '../worktrees/submodule-clones.ts';

/**
 * Refuses a patch that changes the commit of a submodule: git leaves it out of the user's files without a word.
 *
 * @throws TaskError `MergeRefused`
 */
export async function requireNoLinks({ git }: Repository, task: TaskRecord, base: string, tip: string): Promise<void> {
  const [link] = await changedLinks(git, base, tip);
  if (link === undefined) return;
  throw new TaskError(
    'MergeRefused',
    `#${task.number} changed the commit of the submodule ${link.path}, which a patch cannot apply to your files.`,
    {
      next: [operationStep('Merge it as one commit', 'task.merge', { task: task.number, squash: true })],
      details: { path: link.path },
    },
  );
}

/** Logs the next steps for submodules that a merge moved: git updates neither their files nor their remotes. */
export async function noteSubmodules(
  { store }: WorktreeContext,
  repository: Repository,
  task: TaskRecord,
  { before, after }: { readonly before: string; readonly after: string },
): Promise<void> {
  const only = new Set((await changedLinks(repository.git, before, after)).map(({ path }) => path));
  if (only.size === 0) return;
  const visit: Parameters<typeof eachSubmodule>[2] = async ({ names, path, commit, own }) => {
    if (own === undefined || names.length > 1) return;
    const remote = (await remoteOf(own.git))?.name;
    const isPushed = remote !== undefined && (await isKept(own.git, commit, [`--remotes=${remote}`]));
    const short = commit.slice(0, 12);
    const push = shellStep(
      'Push the commit before your branch',
      `git -C "${path}" push ${remote ?? 'origin'} ${short}:refs/heads/NAME`,
    );
    await store.addLog(
      task.id,
      `The merge moved the submodule ${path} to ${short}${isPushed ? '' : ', which no branch of its remote has'}.`,
      isPushed ? 'info' : 'warn',
      {
        source: 'worktree',
        next: [
          shellStep('Update its files', `git submodule update --recursive -- "${path}"`),
          ...(isPushed ? [] : [push]),
        ],
      },
    );
  };
  await eachSubmodule(await superproject(repository), after, visit, only);
}
