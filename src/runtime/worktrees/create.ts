import { lstat, mkdir, readdir, realpath, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { operationStep, shellStep, textStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace, type Workspace, workspaceName } from '../../core/task/workspace.ts';
import { combine, named } from './combine.ts';
import { branchRef, type Repository, registered, worktreeFolder } from './repository.ts';

/** A name that neither a branch nor a folder has: a store that was begun anew gives the same numbers again. */
export async function planWorkspace(
  repository: Repository,
  task: TaskRecord,
  dependencies: readonly TaskRecord[],
): Promise<Workspace> {
  const start = await startCommit(repository, dependencies);
  const base = { base_head: repository.head, base_commit: start.commit };
  for (let attempt = 1; ; attempt += 1) {
    const name = attempt === 1 ? workspaceName(task) : `${workspaceName(task)}-${attempt}`;
    const workspace = { path: `.systemprompt/worktrees/${name}`, branch: `systemprompt/${name}` };
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

/**
 * HEAD, and the results of dependencies that are not in it yet.
 *
 * @throws TaskError `WorktreeConflict` with the files, when two of them do not go together
 */
async function startCommit(
  { git, head }: Repository,
  dependencies: readonly TaskRecord[],
): Promise<{ commit: string; includes: string[] }> {
  let commit = head;
  const includes: string[] = [];
  const author = await git.asSomebody();
  for (const dependency of dependencies) {
    const workspace = openWorkspace(dependency);
    const tip = workspace === undefined ? undefined : await git.commit(branchRef(workspace));
    if (tip === undefined || (await git.isAncestor(tip, head))) continue;
    includes.push(dependency.id);
    if (await git.isAncestor(tip, commit)) continue;
    const combined = await combine(git, commit, tip);
    if ('conflicts' in combined) {
      throw new TaskError(
        'WorktreeConflict',
        `The result of #${dependency.number} does not go together with what else this task starts from: ${named(combined.conflicts)}.`,
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

/**
 * Makes sure that the task's worktree is there and whole, and that the task's branch is checked out in it. May be called
 * again after it was killed anywhere in it. What lies in the way and is not known to git is moved aside, never removed.
 *
 * @throws TaskError `WorktreeMissing` when work was there and its branch is gone
 */
export async function ensureWorktree(
  repository: Repository,
  workspace: Workspace,
  options: { readonly hasWork: boolean; readonly links: readonly string[]; readonly logger: Logger },
): Promise<string> {
  const { git } = repository;
  const folder = worktreeFolder(repository, workspace);
  await mkdir(dirname(folder), { recursive: true });
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
  if (known !== undefined && there && !halfMade && (await isWhole(repository, folder))) {
    await link(repository, folder, options.links);
    return folder;
  }
  if (halfMade && !options.hasWork) await rm(folder, { recursive: true, force: true });
  else if (there && (await readdir(folder)).length > 0) {
    const aside = `${folder}.aside-${Date.now().toString(36)}`;
    await rename(folder, aside);
    options.logger.warn(`${folder} was no worktree any more; what is in it was moved to ${aside}.`);
  }
  const what = tip === undefined ? ['-b', workspace.branch, folder, workspace.base_commit] : [folder, workspace.branch];
  await git.text(['worktree', 'add', '--force', '--force', '--quiet', ...what]);
  await link(repository, folder, options.links);
  return folder;
}

async function isWhole(repository: Repository, folder: string): Promise<boolean> {
  const found = await repository.git.at(folder).try(['rev-parse', '--show-toplevel']);
  return found.code === 0 && found.stdout.replace(/\n$/, '') === (await realpath(folder));
}

/** Folders that a build needs and git ignores, as links to the person's own. */
async function link(repository: Repository, folder: string, links: readonly string[]): Promise<void> {
  for (const path of links) {
    const [from, to] = [join(repository.folder, path), join(folder, repository.prefix, path)];
    if (!(await exists(from)) || (await exists(to))) continue;
    await mkdir(dirname(to), { recursive: true });
    await symlink(from, to, 'junction');
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
