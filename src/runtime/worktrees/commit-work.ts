import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Workspace } from '../../core/task/workspace.ts';
import type { Git } from './git.ts';
import { branchRef } from './repository.ts';
import { addAll } from './snapshot.ts';

/**
 * Makes what is not committed in the worktree a commit of the task's branch, and gives the branch's tip. An agent that
 * went to another branch has its work brought over, as long as it goes on from the task's.
 *
 * @throws TaskError `WorktreeConflict` when the agent left the task's branch for another history
 */
export async function commitWork(
  worktree: Git,
  task: Pick<TaskRecord, 'id' | 'number' | 'title'>,
  workspace: Workspace,
  except: readonly string[],
): Promise<string> {
  await addAll(worktree, except);
  if ((await worktree.try(['diff', '--cached', '--quiet', 'HEAD', '--'])).code !== 0) {
    const author = await worktree.asSomebody();
    await author.text(['commit', '--quiet', '--no-verify', '--cleanup=verbatim', '--file=-'], messageOf(task));
  }
  const tip = await worktree.text(['rev-parse', 'HEAD']);
  const ref = branchRef(workspace);
  const current = await worktree.try(['symbolic-ref', '--quiet', 'HEAD']);
  if (current.stdout.trim() === ref) return tip;
  const before = await worktree.commit(ref);
  if (before !== undefined && !(await worktree.isAncestor(before, tip))) {
    throw new TaskError('WorktreeConflict', `The agent left the branch ${workspace.branch} for another one.`, {
      next: [
        textStep(
          `Its work is at ${tip.slice(0, 12)} in ${worktree.cwd}: merge it into ${workspace.branch} there, and go on.`,
        ),
      ],
    });
  }
  await worktree.text(['update-ref', ref, tip, before ?? '']);
  await worktree.text(['symbolic-ref', 'HEAD', ref]);
  return tip;
}

/** `#12 Fix the login test`, with the task's id in a trailer. */
export function messageOf(task: Pick<TaskRecord, 'id' | 'number' | 'title'>, message?: string): string {
  return `${message ?? `#${task.number} ${task.title}`}\n\nSystemPrompt-Task: ${task.id}\n`;
}
