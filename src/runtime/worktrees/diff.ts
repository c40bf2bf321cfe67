import { existsSync } from 'node:fs';
import { TaskError } from '../../core/errors.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { branchRef, type Repository, worktreeFolder } from './repository.ts';
import { isCheckout, requireRepository, type WorktreeContext } from './review.ts';
import { ownPaths, snapshot } from './snapshot.ts';

export interface ChangedFile {
  readonly path: string;
  /** Lines; null for a binary file. */
  readonly added: number | null;
  readonly deleted: number | null;
}

export interface TaskChanges {
  readonly branch: string;
  readonly base: string;
  readonly files: readonly ChangedFile[];
  /** Empty when only the files were asked for. */
  readonly patch: string;
}

/** Everything that a task has changed, committed or not, against what it began with. */
export async function taskChanges(
  context: WorktreeContext,
  task: TaskRecord,
  withPatch: boolean,
): Promise<TaskChanges> {
  const { workspace } = task;
  if (workspace === undefined) {
    throw new TaskError('NothingToReview', `#${task.number} has no worktree.`, {
      hint: 'It has not run, changed nothing, or ran in the folder itself.',
    });
  }
  const repository = await requireRepository(context);
  const result = await resultTree(context, repository, task, workspace);
  const { git } = repository;
  const range = [workspace.base_commit, result, '--'];
  const form = ['--no-color', '--no-ext-diff', '--no-textconv'];
  const numbers = await git.list(['diff', ...form, '--numstat', '--no-renames', '-z', ...range]);
  return {
    branch: workspace.branch,
    base: workspace.base_commit,
    files: numbers.map((line) => {
      const [added = '-', deleted = '-', ...path] = line.split('\t');
      return { path: path.join('\t'), added: lines(added), deleted: lines(deleted) };
    }),
    patch: withPatch ? await git.text(['diff', ...form, '--binary', '--find-renames', ...range]) : '',
  };
}

/** The files as they are in the worktree; of what is merged or discarded, as they were. */
async function resultTree(
  context: WorktreeContext,
  repository: Repository,
  task: TaskRecord,
  workspace: NonNullable<TaskRecord['workspace']>,
): Promise<string> {
  const { git } = repository;
  const ended = workspace.merged_commit ?? workspace.discarded_ref;
  const folder = worktreeFolder(repository, workspace);
  if (ended === undefined && existsSync(folder) && (await isCheckout({ repository, folder }))) {
    return snapshot(git.at(folder), ownPaths(repository.prefix, context.settings.worktrees?.link ?? []));
  }
  const commit = await git.commit(ended ?? branchRef(workspace));
  if (commit !== undefined) return git.tree(commit);
  throw new TaskError('WorktreeMissing', `The work of #${task.number} on ${workspace.branch} is gone.`, {
    hint: '"git reflog" may still know its commits.',
  });
}

function lines(number: string): number | null {
  return number === '-' ? null : Number(number);
}
