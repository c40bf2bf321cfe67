import { existsSync } from 'node:fs';
import { TaskError } from '../../core/errors.ts';
import { shellStep, textStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Git } from './git.ts';
import { branchRef, type Repository, worktreeFolder } from './repository.ts';
import { isCheckout, requireRepository, type WorktreeContext } from './review.ts';
import { ownPaths, snapshot } from './snapshot.ts';

export interface ChangedFile {
  readonly path: string;
  readonly change: 'added' | 'deleted' | 'modified';
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
  /** The checkout in which the work still is; undefined when only git has it. */
  readonly worktree: string | undefined;
  /** Where one file was asked for. */
  readonly sides: FileSides | undefined;
}

/** A file before and after; null on the side where it is not there, or is no text. */
export interface FileSides {
  readonly before: string | null;
  readonly after: string | null;
}

export interface DiffRequest {
  readonly withPatch: boolean;
  /** Only this path in the repository, with what it has on both sides. */
  readonly file?: string | undefined;
}

/** Everything that a task has changed, committed or not, against what it began with. */
export async function taskChanges(
  context: WorktreeContext,
  task: TaskRecord,
  { withPatch, file }: DiffRequest,
): Promise<TaskChanges> {
  const { workspace } = task;
  if (workspace === undefined) {
    throw new TaskError('NothingToReview', `#${task.number} has no worktree.`, {
      next: [textStep('It has not run, changed nothing, or ran in the folder itself.')],
    });
  }
  const repository = await requireRepository(context);
  const { tree: result, worktree } = await resultTree(context, repository, task, workspace);
  const git = repository.git.with({ GIT_LITERAL_PATHSPECS: '1' });
  const range = [workspace.base_commit, result, '--', ...(file === undefined ? [] : [file])];
  const form = ['--no-color', '--no-ext-diff', '--no-textconv'];
  const states = await git.list(['diff', ...form, '--name-status', '--no-renames', '-z', ...range]);
  const numbers = await git.list(['diff', ...form, '--numstat', '--no-renames', '-z', ...range]);
  return {
    branch: workspace.branch,
    base: workspace.base_commit,
    files: numbers.map((line, index) => {
      const [added = '-', deleted = '-', ...path] = line.split('\t');
      return {
        path: path.join('\t'),
        change: changeOf(states[2 * index]),
        added: lines(added),
        deleted: lines(deleted),
      };
    }),
    patch: withPatch ? await git.text(['diff', ...form, '--binary', '--find-renames', ...range]) : '',
    worktree,
    sides:
      file === undefined
        ? undefined
        : { before: await textOf(git, workspace.base_commit, file), after: await textOf(git, result, file) },
  };
}

/** What a file has in a commit or tree: null when it is not there, or is no text. */
async function textOf(git: Git, tree: string, path: string): Promise<string | null> {
  const { code, stdout } = await git.try(['cat-file', 'blob', `${tree}:${path}`]);
  return code !== 0 || stdout.includes('\0') ? null : stdout;
}

/** The files as they are in the worktree; of what is merged or discarded, as they were. */
async function resultTree(
  context: WorktreeContext,
  repository: Repository,
  task: TaskRecord,
  workspace: NonNullable<TaskRecord['workspace']>,
): Promise<{ tree: string; worktree: string | undefined }> {
  const { git } = repository;
  const ended = workspace.merged_commit ?? workspace.discarded_ref;
  const folder = worktreeFolder(repository, workspace);
  if (ended === undefined && existsSync(folder) && (await isCheckout({ repository, folder }))) {
    const except = ownPaths(repository.prefix, context.settings.worktrees?.link ?? []);
    return { tree: await snapshot(git.at(folder), except), worktree: folder };
  }
  const commit = await git.commit(ended ?? branchRef(workspace));
  if (commit !== undefined) return { tree: await git.tree(commit), worktree: undefined };
  throw new TaskError('WorktreeMissing', `The work of #${task.number} on ${workspace.branch} is gone.`, {
    next: [shellStep('Look for its commits', 'git reflog')],
  });
}

function changeOf(letter: string | undefined): ChangedFile['change'] {
  if (letter === 'A') return 'added';
  return letter === 'D' ? 'deleted' : 'modified';
}

function lines(number: string): number | null {
  return number === '-' ? null : Number(number);
}
