import { existsSync } from 'node:fs';
import { TaskError } from '../../core/errors.ts';
import { shellStep, textStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { hasInvisible } from '../../core/text/visible.ts';
import { isCheckout } from './checkout.ts';
import { fetchResult } from './fetch-result.ts';
import type { Git } from './git.ts';
import { worktreeFolder } from './place.ts';
import { branchRef, type Repository } from './repository.ts';
import { requireRepository, type WorktreeContext } from './review.ts';
import { ownPaths, snapshot } from './snapshot.ts';

export interface ChangedFile {
  readonly path: string;
  readonly change: 'added' | 'deleted' | 'modified';
  /** Lines; null for a binary file. */
  readonly added: number | null;
  readonly deleted: number | null;
  /** Its name or its changed lines have unprintable characters. Always false without a patch. */
  readonly hidden: boolean;
}

export interface TaskChanges {
  readonly branch: string;
  readonly base: string;
  readonly files: readonly ChangedFile[];
  /** Empty when only the files were asked for. */
  readonly patch: string;
  /** The checkout that still has the work; undefined when only git has it. */
  readonly worktree: string | undefined;
  /** Defined for a request with `file`. */
  readonly sides: FileSides | undefined;
}

/** A file before and after; null on a side where it does not exist or is binary. */
export interface FileSides {
  readonly before: string | null;
  readonly after: string | null;
}

export interface DiffRequest {
  /** `count` gives names and line counts, `characters` also finds characters that do not print, `patch` gives the patch too. */
  readonly detail: 'count' | 'characters' | 'patch';
  /** Only this path in the repository, with its text on both sides. */
  readonly file?: string | undefined;
}

/** All changes of a task, committed or not, since the commit with which it began. */
export async function taskChanges(
  context: WorktreeContext,
  task: TaskRecord,
  { detail, file }: DiffRequest,
): Promise<TaskChanges> {
  const { workspace } = task;
  if (workspace === undefined) {
    throw new TaskError('NothingToReview', `#${task.number} has no worktree.`, {
      next: [textStep('It has not run, changed nothing, or ran in the folder itself.')],
    });
  }
  const repository = await requireRepository(context);
  // Counts are for lists, which do not wait for a remote.
  if (detail !== 'count') await fetchResult(context, repository, task);
  const { tree: result, worktree } = await resultTree(context, repository, task, workspace);
  const git = repository.git.with({ GIT_LITERAL_PATHSPECS: '1' });
  const range = [workspace.base_commit, result, '--', ...(file === undefined ? [] : [file])];
  const form = ['--no-color', '--no-ext-diff', '--no-textconv'];
  const parts = await git.list(['diff', ...form, '--raw', '--numstat', '--no-renames', '-z', ...range]);
  // First a pair of parts per file (states and path), then a line of numbers per file.
  const count = parts.filter((part) => /^:\d{6} /.test(part)).length;
  const states = parts.slice(0, 2 * count).filter((_, at) => at % 2 === 0);
  const numbers = parts.slice(2 * count);
  const lean = detail === 'count' ? '' : await git.text(['diff', ...form, '--unified=0', '--no-renames', ...range]);
  const hidden = lean
    .split(/^diff --git /m)
    .slice(1)
    .map((patch) => hasInvisible(patch.replace(/\r(?=\n|$)/g, '')));
  return {
    branch: workspace.branch,
    base: workspace.base_commit,
    files: numbers.map((line, index) => {
      const [added = '-', deleted = '-', ...path] = line.split('\t');
      return {
        path: path.join('\t'),
        change: changeOf(states[index]?.at(-1)),
        added: lines(added),
        deleted: lines(deleted),
        hidden: (hidden[index] ?? false) || (detail !== 'count' && hasInvisible(path.join('\t'))),
      };
    }),
    patch: detail === 'patch' ? await git.text(['diff', ...form, '--binary', '--find-renames', ...range]) : '',
    worktree,
    sides:
      file === undefined
        ? undefined
        : { before: await textOf(git, workspace.base_commit, file), after: await textOf(git, result, file) },
  };
}

/** The text of a file in a commit or tree; null when it does not exist or is binary. */
async function textOf(git: Git, tree: string, path: string): Promise<string | null> {
  const { code, stdout } = await git.try(['cat-file', 'blob', `${tree}:${path}`]);
  return code !== 0 || stdout.includes('\0') ? null : stdout;
}

/** The files in the worktree, or at the time of the merge or discard. */
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
  // Another machine keeps the work that it discarded.
  const pushed = commit === undefined && ended !== undefined ? workspace.result?.commit : undefined;
  if (pushed !== undefined) return { tree: await git.tree(pushed), worktree: undefined };
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
