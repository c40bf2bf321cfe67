import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import { operationStep, textStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace, type Workspace } from '../../core/task/workspace.ts';
import { makeFolders } from '../../store/make-folders.ts';
import { isCheckout } from './checkout.ts';
import { commitWork } from './commit-work.ts';
import { ensureWorktree, planWorkspace } from './create.ts';
import { fetchResult } from './fetch-result.ts';
import { fillWorktree } from './fill.ts';
import { worktreeFolder } from './place.ts';
import { branchRef, findRepository, type NoRepository, type Repository } from './repository.ts';
import { openReview, type WorktreeContext } from './review.ts';

/** Logs a note once per folder, with its first worktree: test runners and linters of the user also scan that folder. */
const FIRST =
  'Worktrees are in .systemprompt/worktrees. If your test runner or linter finds files there, exclude that folder, or set worktrees.place to "outside": docs/tasks.md has the settings.';

/**
 * The folder in which the agent of a claimed task works. A task resumes where it began, or not at all. A task that
 * wants a worktree and cannot have one never falls back to the person's own files, except where there is no repository.
 *
 * @throws TaskError `WorktreeUnavailable`, `WorktreeConflict`, `WorktreeMissing` or `GitFailed`
 */
export async function prepareFolder(context: WorktreeContext, claimed: TaskRecord): Promise<string> {
  const { store, settings, logger } = context;
  const task = store.view.byId(claimed.id) ?? claimed;
  const begun = hasBegun(task);
  const open = openWorkspace(task);
  const isolation = task.isolation ?? settings.isolation;
  if (open === undefined && (begun || isolation === 'none')) return store.folder;
  const repository = await findRepository(store.folder);
  if ('reason' in repository) {
    if (open !== undefined) throw cutOff(task, repository);
    if (!repository.absent || isolation === 'worktree') throw unavailable(task, repository);
    const message = `Works in the folder itself: ${repository.reason}.`;
    await store.addLog(task.id, message, 'warn', { source: 'worktree' });
    return store.folder;
  }
  const workspace = open ?? (await plan(context, repository, task));
  try {
    if (begun) await fetchResult(context, repository, task);
    const isFirst = !existsSync(dirname(worktreeFolder(repository, workspace)));
    const folder = await ensureWorktree(repository, workspace, { hasWork: begun, logger });
    if (isFirst && workspace.place === undefined) await store.addLog(task.id, FIRST, 'info', { source: 'worktree' });
    await fillWorktree(context, repository, task, folder);
    const cwd = join(folder, repository.prefix);
    await makeFolders(cwd);
    return cwd;
  } catch (error) {
    if (!begun) await forgetPlan(context, repository, task, workspace);
    throw error;
  }
}

async function plan(context: WorktreeContext, repository: Repository, task: TaskRecord): Promise<Workspace> {
  const { store } = context;
  const dependencies = task.depends_on.flatMap((id) => {
    const dependency = store.view.dependency(id);
    const group = dependency?.workspace?.merged_into;
    return (group === undefined ? dependency : store.view.dependency(group)) ?? [];
  });
  for (const dependency of dependencies) await commitAtRest(context, dependency);
  const workspace = await planWorkspace(repository, task, dependencies, context.settings);
  // Recorded before git creates it: the next run completes a worktree that a crash left partial.
  await store.transact('worktree.plan', (draft) => {
    if (draft.byId(task.id) !== undefined) draft.patch(task.id, { workspace });
  });
  return workspace;
}

/** A dependency that a person completed may have work that no turn has committed. */
async function commitAtRest(context: WorktreeContext, dependency: TaskRecord): Promise<void> {
  if (dependency.lease !== undefined || openWorkspace(dependency) === undefined) return;
  const review = await openReview(context, dependency);
  const { repository, workspace, folder, except } = review;
  if (!existsSync(folder) || !(await isCheckout(review))) return;
  await commitWork(repository.git.at(folder), dependency, workspace, except);
}

/** A task whose worktree git could not make has no changes to review. */
async function forgetPlan(
  { store }: WorktreeContext,
  repository: Repository,
  task: TaskRecord,
  workspace: Workspace,
): Promise<void> {
  if (existsSync(worktreeFolder(repository, workspace))) return;
  const tip = await repository.git.commit(branchRef(workspace)).catch(() => workspace.base_commit);
  if (tip !== undefined) return;
  await store.transact('worktree.unplan', (draft) => {
    if (draft.byId(task.id)?.workspace?.branch === workspace.branch) draft.patch(task.id, { workspace: undefined });
  });
}

function cutOff(task: TaskRecord, { reason, fix }: NoRepository): TaskError {
  return new TaskError('WorktreeMissing', `#${task.number} began in a worktree, and ${reason}.`, {
    next: [textStep(fix), textStep('Then resume the task, or cancel and restart it.')],
  });
}

function unavailable(task: TaskRecord, { reason, fix }: NoRepository): TaskError {
  return new TaskError('WorktreeUnavailable', `#${task.number} cannot get its own worktree: ${reason}.`, {
    next: [
      textStep(fix),
      operationStep('Then restart the task', 'task.restart', { tasks: [task.number] }),
      operationStep('Or let it work in your own files', 'task.update', { task: task.number, isolation: 'none' }),
    ],
  });
}

/** True if an agent has worked on the task since its last reset. */
export function hasBegun({ started_at: since, executions }: TaskRecord): boolean {
  return since !== undefined && executions.some((run) => run.session_id !== undefined && run.started_at >= since);
}
