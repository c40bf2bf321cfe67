import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Workspace } from '../../core/task/workspace.ts';
import type { Git } from './git.ts';
import { branchRef } from './repository.ts';
import { addAll } from './snapshot.ts';

/**
 * Commits the uncommitted changes of the worktree to the task's branch, and returns the branch's tip. Commits of an
 * agent on another branch count if they descend from the task's. Paths outside the work are removed from the result,
 * even if the agent committed them.
 *
 * @throws TaskError `WorktreeConflict` if the agent left the task's branch for another history
 */
export async function commitWork(
  worktree: Git,
  task: Pick<TaskRecord, 'id' | 'number' | 'title'>,
  workspace: Workspace,
  except: readonly string[],
): Promise<string> {
  await addAll(worktree, except);
  await leaveOut(worktree, workspace.base_commit, except);
  if ((await worktree.try(['diff', '--cached', '--quiet', 'HEAD', '--'])).code !== 0) {
    const author = await worktree.withAuthor();
    await author.text(['commit', '--quiet', '--no-verify', '--cleanup=verbatim', '--file=-'], messageOf(task));
  }
  const tip = await worktree.text(['rev-parse', 'HEAD']);
  const ref = branchRef(workspace);
  const current = await worktree.try(['symbolic-ref', '--quiet', 'HEAD']);
  if (current.stdout.trim() === ref) return tip;
  const before = await worktree.commit(ref);
  if (before !== undefined && !(await worktree.isAncestor(before, tip))) {
    throw new TaskError('WorktreeConflict', `The agent left the branch ${workspace.branch} for another history.`, {
      next: [
        textStep(
          `Its work is at ${tip.slice(0, 12)} in ${worktree.cwd}. Merge it into ${workspace.branch} there, then resume the task.`,
        ),
      ],
    });
  }
  await worktree.text(['update-ref', ref, tip, before ?? '']);
  await worktree.text(['symbolic-ref', 'HEAD', ref]);
  return tip;
}

/** Resets these paths of the index to the base of the task. The files stay. */
async function leaveOut(worktree: Git, base: string, except: readonly string[]): Promise<void> {
  const literal = worktree.with({ GIT_LITERAL_PATHSPECS: '1' });
  const words = ['diff-index', '--cached', '-z', '--raw', '--no-abbrev', '--no-renames', base, '--', ...except];
  const parts = await literal.list(words);
  const lines = parts.flatMap((part, at) => {
    const [mode = '', , hash = ''] = part.slice(1).split(' ');
    return part.startsWith(':') ? [`${mode === '000000' ? '0' : mode} ${hash}\t${parts[at + 1]}\0`] : [];
  });
  if (lines.length > 0) await worktree.text(['update-index', '-z', '--index-info'], lines.join(''));
}

/** `#12 Fix the login test`, with the task's id in a trailer. */
export function messageOf(task: Pick<TaskRecord, 'id' | 'number' | 'title'>, message?: string): string {
  return `${message ?? `#${task.number} ${task.title}`}\n\nSystemPrompt-Task: ${task.id}\n`;
}
