import { readdir, rename, rm } from 'node:fs/promises';
import { TaskError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { operationStep, shellStep, textStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace, type Workspace, workspaceName } from '../../core/task/workspace.ts';
import type { Settings } from '../settings/settings.ts';
import { isCheckout } from './checkout.ts';
import { combine, named } from './combine.ts';
import type { Git } from './git.ts';
import { exists } from './link.ts';
import { openRoot, outsideRoot, placed, worktreeFolder } from './place.ts';
import { branchRef, type Repository, registered } from './repository.ts';

/** Before the name of a task's branch, where the settings give no other. */
const BRANCH_PREFIX = 'systemprompt/';
/** Times that a worktree is added before a failure of git counts. */
const ATTEMPTS = 3;

/** Chooses a name that no branch and no folder has: a store that starts again gives the same numbers again. */
export async function planWorkspace(
  repository: Repository,
  task: TaskRecord,
  dependencies: readonly TaskRecord[],
  settings: Pick<Settings, 'worktrees'>,
): Promise<Workspace> {
  const prefix = await usablePrefix(repository, settings.worktrees?.branchPrefix ?? BRANCH_PREFIX);
  const root = await outsideRoot(repository.folder, settings);
  const start = await startCommit(repository, dependencies);
  const base = { base_head: repository.head, base_commit: start.commit };
  for (let attempt = 1; ; attempt += 1) {
    const name = attempt === 1 ? workspaceName(task) : `${workspaceName(task)}-${attempt}`;
    const workspace = { ...placed(root, name), branch: `${prefix}${name}` };
    if ((await repository.git.commit(branchRef(workspace))) !== undefined) continue;
    if (await exists(worktreeFolder(repository, workspace))) continue;
    return {
      kind: 'worktree',
      ...workspace,
      ...base,
      ...(repository.branch === undefined ? {} : { base: repository.branch.replace(/^refs\/heads\//, '') }),
      ...(start.includes.length === 0 ? {} : { includes: start.includes }),
    };
  }
}

/** Git keeps branches as files: beside a branch "a" there can be no "a/b". Then the name has dashes in place of slashes. */
async function usablePrefix({ git }: Repository, prefix: string): Promise<string> {
  const parts = prefix.split('/').slice(0, -1);
  const above = parts.map((_, at) => `refs/heads/${parts.slice(0, at + 1).join('/')}`);
  if (above.length === 0) return prefix;
  // A pattern also matches refs below it; only a branch of exactly that name conflicts.
  const found = await git.text(['for-each-ref', '--format=%(refname)', ...above]);
  return found.split('\n').some((ref) => above.includes(ref)) ? prefix.replaceAll('/', '-') : prefix;
}

/**
 * HEAD merged with the unmerged results of dependencies.
 *
 * @throws TaskError `WorktreeConflict` with the files, when two of them conflict
 */
async function startCommit(
  { git, head }: Repository,
  dependencies: readonly TaskRecord[],
): Promise<{ commit: string; includes: string[] }> {
  let commit = head;
  const includes: string[] = [];
  const author = await git.withAuthor();
  for (const dependency of dependencies) {
    const workspace = openWorkspace(dependency);
    const tip =
      workspace === undefined ? await mergedElsewhere(git, head, dependency) : await git.commit(branchRef(workspace));
    if (tip === undefined || (await git.isAncestor(tip, head))) continue;
    if (workspace !== undefined) includes.push(dependency.id);
    if (await git.isAncestor(tip, commit)) continue;
    const combined = await combine(git, commit, tip);
    if ('conflicts' in combined) {
      throw new TaskError(
        'WorktreeConflict',
        `The result of #${dependency.number} conflicts with the other commits from which this task starts: ${named(combined.conflicts)}.`,
        {
          next: [
            operationStep(`Merge #${dependency.number} first`, 'task.merge', { task: dependency.number }),
            textStep('Then restart this task.'),
          ],
          details: { task: dependency.id, files: combined.conflicts },
        },
      );
    }
    const message = `Start with the result of #${dependency.number} ${dependency.title}`;
    commit = await author.text(['commit-tree', combined.tree, '-p', commit, '-p', tip, '-m', message]);
  }
  return { commit, includes };
}

/** The work of a dependency that was merged into a branch of another machine, and is not in this checkout. */
async function mergedElsewhere(git: Git, head: string, { workspace }: TaskRecord): Promise<string | undefined> {
  const { landed_commit: landed, merged_commit: merged } = workspace ?? {};
  if (landed === undefined || merged === undefined || (await git.isAncestor(landed, head))) return undefined;
  return git.commit(merged);
}

/**
 * Creates or repairs the task's worktree with the task's branch checked out. May be repeated after a crash. Conflicting
 * files that git does not track are moved aside, never removed.
 *
 * @throws TaskError `WorktreeMissing` if the task has work and its branch does not exist
 */
export async function ensureWorktree(
  repository: Repository,
  workspace: Workspace,
  options: WorktreeOptions,
): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await addWorktree(repository, workspace, options);
    } catch (error) {
      // A prune of another process removes what git has recorded of a worktree that it is adding.
      if (!TaskError.is(error, 'GitFailed') || attempt === ATTEMPTS) throw error;
    }
  }
}

interface WorktreeOptions {
  readonly hasWork: boolean;
  readonly logger: Logger;
}

async function addWorktree(repository: Repository, workspace: Workspace, options: WorktreeOptions): Promise<string> {
  const { git } = repository;
  const folder = worktreeFolder(repository, workspace);
  await openRoot(git.cwd, workspace, repository.folder);
  const tip = await git.commit(branchRef(workspace));
  if (tip === undefined && options.hasWork) {
    throw new TaskError('WorktreeMissing', `The branch ${workspace.branch} of this task is gone.`, {
      next: [
        shellStep('Find its commits and restore the branch', 'git reflog'),
        textStep('Or cancel the task, then restart it.'),
      ],
    });
  }
  const known = await registered(repository, folder);
  const there = await exists(folder);
  const halfMade = known?.locked === 'initializing';
  if (known !== undefined && there && !halfMade && (await isCheckout({ repository, folder }))) return folder;
  if (halfMade && !options.hasWork) await rm(folder, { recursive: true, force: true });
  else if (there && (await readdir(folder)).length > 0) {
    const aside = `${folder}.aside-${Date.now().toString(36)}`;
    await rename(folder, aside);
    options.logger.warn(`${folder} was no longer a worktree. Its files were moved to ${aside}.`);
  }
  const what = tip === undefined ? ['-b', workspace.branch, folder, workspace.base_commit] : [folder, workspace.branch];
  await git.text(['worktree', 'add', '--force', '--force', '--quiet', ...what]);
  return folder;
}
