import { TaskError } from '../../core/errors.ts';
import { operationStep, shellStep, textStep } from '../../core/next-step.ts';
import { openRace } from '../../core/task/race.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { complete } from '../../core/task/session.ts';
import type { Workspace } from '../../core/task/workspace.ts';
import type { Draft } from '../../store/journal/draft.ts';
import { createCheckpoint } from '../checkpoints/create.ts';
import { changedPaths, combine, combineTrees, named } from '../worktrees/combine.ts';
import { messageOf } from '../worktrees/commit-work.ts';
import { keepFor30Days, removeWorktree, whyKept } from '../worktrees/remove.ts';
import type { Repository } from '../worktrees/repository.ts';
import { openReview, type Review, requireAtRest, reviewTip, type WorktreeContext } from '../worktrees/review.ts';
import { fetchSubmodules } from '../worktrees/submodule-fetch.ts';
import { requireSubmoduleCommits } from '../worktrees/submodules.ts';
import { applyPatch } from './apply-patch.ts';
import { land } from './land.ts';
import { commitForPerson, requireSignature } from './person-commit.ts';
import { noteSubmodules, requireNoLinks } from './submodules.ts';
import { unmergedBelow } from './unmerged.ts';

/** Paths of a merge that the log keeps; git has all of them. */
const LOGGED_FILES = 1_000;

export interface MergeRequest {
  /** With its commits, as one commit, or as changes that are not committed. */
  readonly form: 'merge' | 'squash' | 'patch';
  readonly message?: string | undefined;
  /** Runs none of the person's commit hooks. */
  readonly skipHooks?: boolean | undefined;
}

export interface Merged {
  readonly task: TaskRecord;
  readonly files: readonly string[];
  /** The commit at which the person's branch is now; undefined for a patch. */
  readonly commit: string | undefined;
  /** Why the worktree still exists; undefined when it was removed. */
  readonly kept: string | undefined;
}

/**
 * Merges a task's work into the person's checkout, wholly or not at all. It may be repeated after a crash: commits that
 * are merged already are not merged again.
 *
 * @throws TaskError `MergeConflict` or `MergeRefused`; neither side was changed
 */
export async function mergeTask(context: WorktreeContext, task: TaskRecord, request: MergeRequest): Promise<Merged> {
  requireAtRest(task);
  requireNoEntrant(context, task);
  const review = await openReview(context, task);
  await createCheckpoint(context, task, { kind: 'before-merge', message: 'Before it was merged', onlyIfChanged: true });
  const tip = await reviewTip(review, task);
  await requireDependenciesMerged(context, review, task);
  const { git, head } = review.repository;
  let commit: string | undefined;
  let files: string[];
  if (request.form === 'patch') {
    const base = await baseTree(review, tip);
    await fetchSubmodules(context, review.repository, task, tip, base);
    await requireSubmoduleCommits(review.repository, base, tip);
    await requireNoLinks(review.repository, task, base, tip);
    files = await applyPatch(git, base, await git.tree(tip), review.except);
  } else {
    requireBranch(review, task);
    commit = await mergeCommit(review, task, tip, request);
    files = await changedPaths(git, head, commit);
    await fetchSubmodules(context, review.repository, task, commit, head);
    await requireSubmoduleCommits(review.repository, head, commit);
    if (commit !== head) await requireSignature(git, request.form === 'merge' ? tip : commit, request.form);
    await land(git, head, commit, review.except);
  }
  await noteMerged(context, review.repository, task, { tip, landed: commit }, request, files);
  if (commit !== undefined) await noteSubmodules(context, review.repository, task, { before: head, after: commit });
  const merged = { ...(context.store.view.byId(task.id) ?? task), lease: task.lease };
  return { task: merged, files, commit, kept: await cleanMerged(context, merged, review.repository) };
}

/** The merge of an entrant would be a second result beside the one that is picked later. */
function requireNoEntrant({ store }: WorktreeContext, task: TaskRecord): void {
  const race = openRace(task, (id) => store.view.byId(id));
  if (race === undefined) return;
  throw new TaskError('MergeRefused', `#${task.number} takes part in the race #${race.number}, which is not decided.`, {
    next: [
      operationStep('Compare the results', 'task.race.show', { task: race.number }),
      operationStep('Pick it, then merge the race', 'task.race.pick', { task: task.number }),
    ],
  });
}

/** Records where the work of a task is now. False for a task without a worktree. */
export function markMerged(
  draft: Draft,
  id: string,
  merge: Pick<Workspace, 'merged_commit' | 'merged_into' | 'landed_commit'>,
): boolean {
  const current = draft.byId(id);
  if (current?.workspace === undefined) return false;
  // Merging is accepting: it ends a session that is open for review.
  if (current.status === 'completed_active') draft.patch(id, complete(current, draft.at, { reason: 'merged' }));
  draft.patch(id, { workspace: { ...current.workspace, merged_at: draft.at, ...merge } });
  return true;
}

/** Removes the worktree of a merged task unless it has unmerged work. Returns the reason if the worktree stays. */
export async function cleanMerged(
  context: WorktreeContext,
  task: TaskRecord,
  known?: Repository,
): Promise<string | undefined> {
  const { workspace } = task;
  if (workspace?.merged_commit === undefined) return 'it is not merged';
  if (task.lease !== undefined) return 'its session is being closed';
  const review = await openReview(context, { ...task, workspace: { ...workspace, merged_at: undefined } }, known);
  const why = await whyKept(review.repository, workspace, workspace.merged_commit, review.except);
  if (why === undefined) await removeWorktree(review.repository, workspace);
  return why;
}

async function mergeCommit(review: Review, task: TaskRecord, tip: string, request: MergeRequest): Promise<string> {
  const { git, head } = review.repository;
  const { base_commit: base, base_head: begun } = review.workspace;
  if (await git.isAncestor(tip, head)) return head;
  const plain = await git.isAncestor(base, head);
  if (request.form === 'merge' && !(await git.isAncestor(begun, head))) throw foreignBase(review, task);
  // A fast-forward makes no commit that could be signed.
  const forwards = request.form === 'merge' && request.message === undefined && (await git.isAncestor(head, tip));
  if (forwards && !(await git.isSet('commit.gpgSign'))) return tip;
  const combined = plain
    ? await combine(git, head, tip)
    : await combineTrees(git, await git.tree(base), await git.tree(head), await git.tree(tip));
  if ('conflicts' in combined) {
    throw new TaskError('MergeConflict', `#${task.number} and your branch conflict in ${named(combined.conflicts)}.`, {
      next: [
        textStep(
          `Nothing was changed. Merge your branch into the task's branch in ${review.folder}, resolve the conflicts there, and merge again.`,
        ),
      ],
      details: { files: combined.conflicts },
    });
  }
  if (request.form === 'squash' && combined.tree === (await git.tree(head))) return head;
  return commitForPerson(git, {
    tree: combined.tree,
    parents: request.form === 'merge' ? [head, tip] : [head],
    message: messageOf(task, request.message),
    skipHooks: request.skipHooks === true,
    links: review.links,
  });
}

async function baseTree({ repository: { git, head }, workspace }: Review, tip: string): Promise<string> {
  const between = await git.try(['merge-base', head, tip]);
  const plain = between.code === 0 && (await git.isAncestor(workspace.base_commit, head));
  return git.tree(plain ? between.stdout.trim() : workspace.base_commit);
}

/** A merge into a detached HEAD is easily lost: no branch keeps it. */
function requireBranch({ repository }: Review, task: TaskRecord): void {
  if (repository.branch !== undefined) return;
  throw new TaskError('MergeRefused', 'No branch is checked out, so that no branch would keep the merge.', {
    next: [
      shellStep('Check out a branch', 'git switch main'),
      operationStep('Apply the changes without a commit', 'task.merge', { task: task.number, patch: true }),
    ],
  });
}

function foreignBase({ workspace }: Review, task: TaskRecord): TaskError {
  const began = workspace.base === undefined ? workspace.base_head.slice(0, 12) : `"${workspace.base}" as it was then`;
  return new TaskError(
    'MergeRefused',
    `#${task.number} began from ${began}, which your branch does not contain. A merge would bring its commits in as well.`,
    {
      next: [
        textStep('Check out that branch.'),
        operationStep('Merge only the changes of this task, as one commit', 'task.merge', {
          task: task.number,
          squash: true,
        }),
        operationStep('Apply only the changes of this task, without a commit', 'task.merge', {
          task: task.number,
          patch: true,
        }),
      ],
    },
  );
}

/** @throws TaskError `MergeRefused` when the merge would bring in unmerged results of dependencies */
async function requireDependenciesMerged(context: WorktreeContext, review: Review, task: TaskRecord): Promise<void> {
  const open = await unmergedBelow(context, review.repository, task);
  if (open.length === 0) return;
  const names = open.map((dependency) => `#${dependency.number}`).join(', ');
  throw new TaskError('MergeRefused', `#${task.number} builds on ${names}, not merged yet.`, {
    next: [operationStep('Merge all of them in order', 'task.merge', { task: task.number, withDependencies: true })],
    details: { tasks: open.map((dependency) => dependency.id) },
  });
}

async function noteMerged(
  context: WorktreeContext,
  repository: Review['repository'],
  task: TaskRecord,
  { tip, landed }: { readonly tip: string; readonly landed: string | undefined },
  { form, skipHooks }: MergeRequest,
  files: readonly string[],
): Promise<void> {
  if (form !== 'merge') await keepFor30Days(repository, task.number, tip);
  // On other machines the work may be missing from the branch of the next task.
  const where = landed !== undefined && context.store.coordination.isShared ? { landed_commit: landed } : {};
  await context.store.transact('task.merge', (draft) => {
    if (!markMerged(draft, task.id, { merged_commit: tip, ...where })) return;
    const what = `${files.length} ${files.length === 1 ? 'file' : 'files'}`;
    const hooks = skipHooks === true ? ', without commit hooks' : '';
    draft.log(task.id, {
      message: `Merged (${form}${hooks}): ${what}`,
      metadata: { source: 'worktree', files: files.slice(0, LOGGED_FILES) },
    });
  });
}
