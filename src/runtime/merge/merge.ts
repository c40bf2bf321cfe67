import { TaskError } from '../../core/errors.ts';
import { operationStep, shellStep, textStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { complete } from '../../core/task/session.ts';
import { openWorkspace } from '../../core/task/workspace.ts';
import { createCheckpoint } from '../checkpoints/create.ts';
import { changedPaths, combine, combineTrees, named } from '../worktrees/combine.ts';
import { messageOf } from '../worktrees/commit-work.ts';
import { keepFor30Days, removeWorktree, whyKept } from '../worktrees/remove.ts';
import { branchRef } from '../worktrees/repository.ts';
import { openReview, type Review, requireAtRest, reviewTip, type WorktreeContext } from '../worktrees/review.ts';
import { applyPatch } from './apply-patch.ts';
import { land } from './land.ts';

export interface MergeRequest {
  /** With its commits, as one commit, or as changes that are not committed. */
  readonly form: 'merge' | 'squash' | 'patch';
  readonly message?: string | undefined;
}

export interface Merged {
  readonly task: TaskRecord;
  readonly files: readonly string[];
  /** The commit that the person's branch is at now; undefined for a patch. */
  readonly commit: string | undefined;
  /** Why the worktree is still there; undefined when it is gone. */
  readonly kept: string | undefined;
}

/**
 * Brings a task's work into the person's checkout, wholly or not at all. It may be repeated after it was killed anywhere
 * in it: what is merged already is not merged again.
 *
 * @throws TaskError `MergeConflict` or `MergeRefused`; both sides are as they were
 */
export async function mergeTask(context: WorktreeContext, task: TaskRecord, request: MergeRequest): Promise<Merged> {
  requireAtRest(task);
  const review = await openReview(context, task);
  await createCheckpoint(context, task, { kind: 'before-merge', message: 'Before it was merged', onlyIfChanged: true });
  const tip = await reviewTip(review, task);
  await requireDependenciesMerged(context, review, task);
  const { git, head } = review.repository;
  let commit: string | undefined;
  let files: string[];
  if (request.form === 'patch') {
    files = await applyPatch(git, await baseTree(review, tip), await git.tree(tip), review.except);
  } else {
    requireBranch(review, task);
    commit = await mergeCommit(review, task, tip, request);
    files = await changedPaths(git, head, commit);
    await land(git, head, commit);
  }
  await noteMerged(context, review.repository, task, tip, request.form, files);
  const merged = { ...(context.store.view.byId(task.id) ?? task), lease: task.lease };
  return { task: merged, files, commit, kept: await cleanMerged(context, merged) };
}

/** Takes the worktree of a merged task away if nothing is in it that is not merged; says why when it stays. */
export async function cleanMerged(context: WorktreeContext, task: TaskRecord): Promise<string | undefined> {
  const { workspace } = task;
  if (workspace?.merged_commit === undefined) return 'it is not merged';
  if (task.lease !== undefined) return 'its session is being closed';
  const review = await openReview(context, { ...task, workspace: { ...workspace, merged_at: undefined } });
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
  if (request.form === 'merge' && request.message === undefined && (await git.isAncestor(head, tip))) return tip;
  const combined = plain
    ? await combine(git, head, tip)
    : await combineTrees(git, await git.tree(base), await git.tree(head), await git.tree(tip));
  if ('conflicts' in combined) {
    throw new TaskError('MergeConflict', `#${task.number} and your branch disagree in ${named(combined.conflicts)}.`, {
      next: [
        textStep(
          `Nothing was touched. Merge your branch into the task's in ${review.folder}, resolve it there, and repeat.`,
        ),
      ],
      details: { files: combined.conflicts },
    });
  }
  if (request.form === 'squash' && combined.tree === (await git.tree(head))) return head;
  const parents = request.form === 'merge' ? ['-p', head, '-p', tip] : ['-p', head];
  const author = await git.asSomebody();
  return author.text(['commit-tree', combined.tree, ...parents, '-F', '-'], messageOf(task, request.message));
}

async function baseTree({ repository: { git, head }, workspace }: Review, tip: string): Promise<string> {
  const between = await git.try(['merge-base', head, tip]);
  const plain = between.code === 0 && (await git.isAncestor(workspace.base_commit, head));
  return git.tree(plain ? between.stdout.trim() : workspace.base_commit);
}

/** A branch that is checked out nowhere keeps nothing: what is merged into a detached HEAD is easily lost. */
function requireBranch({ repository }: Review, task: TaskRecord): void {
  if (repository.branch !== undefined) return;
  throw new TaskError('MergeRefused', 'No branch is checked out: what is merged now would belong to none.', {
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
    `#${task.number} began from ${began}, which your branch does not contain; its commits would come along.`,
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

/** @throws TaskError `MergeRefused` when results of dependencies would come along that nobody has merged */
async function requireDependenciesMerged(context: WorktreeContext, review: Review, task: TaskRecord): Promise<void> {
  const { git, head } = review.repository;
  const open: TaskRecord[] = [];
  for (const id of review.workspace.includes ?? []) {
    const dependency = context.store.view.dependency(id);
    const workspace = dependency === undefined ? undefined : openWorkspace(dependency);
    if (dependency === undefined || workspace === undefined) continue;
    const tip = await git.commit(branchRef(workspace));
    if (tip !== undefined && !(await git.isAncestor(tip, head))) open.push(dependency);
  }
  if (open.length === 0) return;
  const names = open.map((dependency) => `#${dependency.number}`).join(', ');
  throw new TaskError('MergeRefused', `#${task.number} builds on ${names}, not merged yet.`, {
    next: open.map(({ number }) => operationStep(`Merge #${number} first`, 'task.merge', { task: number })),
    details: { tasks: open.map((dependency) => dependency.id) },
  });
}

async function noteMerged(
  context: WorktreeContext,
  repository: Review['repository'],
  task: TaskRecord,
  tip: string,
  form: MergeRequest['form'],
  files: readonly string[],
): Promise<void> {
  if (form !== 'merge') await keepFor30Days(repository, task.number, tip);
  await context.store.transact('task.merge', (draft) => {
    const current = draft.byId(task.id);
    if (current?.workspace === undefined) return;
    // Merging is accepting: what waits for its review is done with it.
    if (current.status === 'completed_active') draft.patch(task.id, complete(current, draft.at, { reason: 'merged' }));
    const workspace = { ...current.workspace, merged_at: draft.at, merged_commit: tip };
    draft.patch(task.id, { workspace });
    const what = `${files.length} ${files.length === 1 ? 'file' : 'files'}`;
    draft.log(task.id, { message: `Merged (${form}): ${what}`, metadata: { source: 'worktree', files: [...files] } });
  });
}
