import { TaskError } from '../../core/errors.ts';
import { operationStep, textStep } from '../../core/next-step.ts';
import { isTerminal } from '../../core/task/lifecycle.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace, type Workspace } from '../../core/task/workspace.ts';
import { changedPaths, combine, named } from '../worktrees/combine.ts';
import { planWorkspace } from '../worktrees/create.ts';
import { fetchResult } from '../worktrees/fetch-result.ts';
import { removeLeftovers } from '../worktrees/leftovers.ts';
import { branchRef, type Repository } from '../worktrees/repository.ts';
import { openReview, requireRepository, reviewTip, type WorktreeContext } from '../worktrees/review.ts';
import { cleanMerged, markMerged } from './merge.ts';

/** Two parts that change the same lines. */
export interface PartConflict {
  /** The part that does not fit on the branch of the group. */
  readonly part: TaskRecord;
  /** Parts on the branch that change the same files. */
  readonly against: readonly TaskRecord[];
  readonly files: readonly string[];
  /** The branch of the group without this part. */
  readonly workspace: Workspace;
}

export interface MergedParts {
  /** Parts whose branches are now on the branch of the group. */
  readonly merged: readonly { readonly part: TaskRecord; readonly files: readonly string[] }[];
  /** Undefined if the parts changed no files. */
  readonly branch: string | undefined;
  /** The first conflict, at which the merge stopped. */
  readonly conflict?: PartConflict | undefined;
}

/**
 * Combines the branches of the parts into the branch of their group, in the order of their dependencies. It stops at a
 * conflict, with the parts before it merged; a later call continues. Each step may be repeated after a crash.
 *
 * @throws TaskError `IllegalTransition` for a race and while parts run or failed, `MergeRefused` while the branch is checked out, `GitFailed`
 */
export async function mergeParts(context: WorktreeContext, group: TaskRecord): Promise<MergedParts> {
  const { store } = context;
  requireNoRace(group);
  const parts = inOrder([...store.view.children(group.id)]);
  requireFinished(group, parts);
  await removeLeftovers(context, parts);
  // The unfinished work of a cancelled part stays on its own branch.
  const open = parts.filter((part) => part.status !== 'cancelled' && openWorkspace(part) !== undefined);
  if (open.length === 0) return { merged: [], branch: openWorkspace(group)?.branch };
  const repository = await repositoryOf(context, group);
  const workspace = openWorkspace(group) ?? (await planned(context, repository, group));
  await requireNotCheckedOut(repository, workspace);
  const merged: { part: TaskRecord; files: readonly string[] }[] = [];
  const again = new Set<TaskRecord>();
  for (const part of open) {
    const { tip, ...result } = await adopt(context, { repository, workspace, group, part });
    if ('conflicts' in result) {
      const others = open.filter((other) => other !== part && !merged.some((each) => each.part === other));
      if (!again.has(part) && (await isInOneOf(repository, tip, others))) {
        again.add(part);
        open.push(part);
        continue;
      }
      const against = await changing(repository, workspace, [...store.view.children(group.id)], part, result.conflicts);
      return { merged, branch: workspace.branch, conflict: { part, against, files: result.conflicts, workspace } };
    }
    merged.push({ part, files: result.files });
  }
  return { merged, branch: workspace.branch };
}

/**
 * Makes the work of one part that of its group, on the branch of the group. May be repeated after a crash.
 *
 * @returns the branch; undefined if the part changed no files
 * @throws TaskError `MergeRefused` while the branch is checked out, `WorktreeMissing`, `GitFailed`
 */
export async function adoptPart(
  context: WorktreeContext,
  group: TaskRecord,
  part: TaskRecord,
): Promise<string | undefined> {
  const own = openWorkspace(part);
  if (own === undefined) return openWorkspace(group)?.branch;
  const repository = await repositoryOf(context, group);
  const workspace = openWorkspace(group) ?? (await planned(context, repository, group, own));
  await requireNotCheckedOut(repository, workspace);
  const result = await adopt(context, { repository, workspace, group, part });
  if (!('conflicts' in result)) return workspace.branch;
  throw partConflict(group, { part, against: [], files: result.conflicts, workspace });
}

/** The repository, with the branch of the group up to date. */
async function repositoryOf(context: WorktreeContext, group: TaskRecord): Promise<Repository> {
  const repository = await requireRepository(context);
  await fetchResult(context, repository, group);
  return repository;
}

interface Adoption {
  readonly repository: Repository;
  readonly workspace: Workspace;
  readonly group: TaskRecord;
  readonly part: TaskRecord;
}

async function adopt(context: WorktreeContext, adoption: Adoption): Promise<Added & { readonly tip: string }> {
  const { repository, workspace, group, part } = adoption;
  const { store } = context;
  const tip = await reviewTip(await openReview(context, part, repository), part);
  const result = await addPart(repository, workspace, group, part, tip);
  if ('conflicts' in result) return { ...result, tip };
  await store.transact('task.merge-parts', (draft) => {
    if (!markMerged(draft, part.id, { merged_commit: tip, merged_into: group.id })) return;
    draft.log(part.id, {
      message: `Merged into ${workspace.branch} of #${group.number}`,
      metadata: { source: 'worktree' },
    });
  });
  // The lease may be that of the caller, who passes the part without it.
  await cleanMerged(context, { ...(store.view.byId(part.id) ?? part), lease: part.lease }, repository);
  return { ...result, tip };
}

/** Tasks in an order in which each follows its dependencies; otherwise by number. */
function inOrder(parts: readonly TaskRecord[]): TaskRecord[] {
  const byId = new Map<string, TaskRecord>(parts.map((part) => [part.id, part]));
  const order = new Set<TaskRecord>();
  const visit = (part: TaskRecord, seen: ReadonlySet<string>): void => {
    if (order.has(part) || seen.has(part.id)) return;
    const next = new Set(seen).add(part.id);
    for (const id of part.depends_on) {
      const before = byId.get(id);
      if (before !== undefined) visit(before, next);
    }
    order.add(part);
  };
  for (const part of [...parts].sort((a, b) => a.number - b.number)) visit(part, new Set());
  return [...order];
}

/** Parts of a race do the same work: their branches are alternatives. */
function requireNoRace({ number, race }: TaskRecord): void {
  if (race === undefined) return;
  throw new TaskError('IllegalTransition', `#${number} is a race, of which one result is picked.`, {
    next: [operationStep('Compare the results', 'task.race.show', { task: number })],
  });
}

function requireFinished(group: TaskRecord, parts: readonly TaskRecord[]): void {
  const open = parts.filter(({ status, lease }) => {
    const done = status === 'completed' || status === 'completed_active' || status === 'cancelled';
    return !done || (lease !== undefined && status !== 'completed_active');
  });
  if (parts.length === 0) {
    throw new TaskError('InvalidInput', `#${group.number} has no parts.`, {
      next: [operationStep('Split it', 'task.split', { task: group.number })],
    });
  }
  if (open.length === 0) return;
  const names = open.slice(0, 5).map(({ number, status }) => `#${number} (${status})`);
  const more = open.length > 5 ? ` and ${open.length - 5} more` : '';
  const failed = open.find(({ status }) => isTerminal(status));
  throw new TaskError(
    'IllegalTransition',
    `Not all parts of #${group.number} are completed: ${names.join(', ')}${more}.`,
    {
      next: [
        failed === undefined
          ? textStep('Wait until they are.')
          : operationStep('Restart the failed part, or cancel it', 'task.restart', { tasks: [failed.number] }),
      ],
    },
  );
}

/** Files of a checkout do not follow its branch: the next commit there would undo the merged parts. */
async function requireNotCheckedOut({ git }: Repository, workspace: Workspace): Promise<void> {
  const folder = await git.text(['for-each-ref', '--format=%(worktreepath)', branchRef(workspace)]);
  if (folder === '') return;
  throw new TaskError('MergeRefused', `The branch ${workspace.branch} is checked out in ${folder}.`, {
    next: [
      textStep('Check out another branch there, and merge the parts again.'),
      textStep('Or merge each part into your branch.'),
    ],
  });
}

/** @param like the branch starts where this one did; default: at HEAD */
async function planned(
  context: WorktreeContext,
  repository: Repository,
  group: TaskRecord,
  like?: Workspace,
): Promise<Workspace> {
  const own = await planWorkspace(repository, group, [], context.settings);
  const { path, place, branch } = own;
  const workspace = like === undefined ? own : { ...like, path, place, branch };
  // Recorded before git has the branch, so that a repeated call continues on it.
  return context.store.transact('worktree.plan', (draft) => {
    const current = draft.byId(group.id);
    const open = current === undefined ? undefined : openWorkspace(current);
    // Another process may have planned it meanwhile.
    if (open !== undefined) return open;
    if (current !== undefined) draft.patch(group.id, { workspace });
    return workspace;
  });
}

type Added = { readonly files: readonly string[] } | { readonly conflicts: readonly string[] };

async function addPart(
  { git }: Repository,
  workspace: Workspace,
  group: TaskRecord,
  part: TaskRecord,
  tip: string,
): Promise<Added> {
  const ref = branchRef(workspace);
  const before = await git.commit(ref);
  const start = before ?? workspace.base_commit;
  const shared = await git.mergeBase(start, tip);
  if (before !== undefined && shared === tip) return { files: [] };
  let commit = tip;
  if (shared !== start) {
    const combined = await combine(git, start, tip);
    if ('conflicts' in combined) return { conflicts: combined.conflicts };
    const author = await git.withAuthor();
    const message = `Merge #${part.number} ${part.title} into #${group.number}`;
    commit = await author.text(['commit-tree', combined.tree, '-p', start, '-p', tip, '-m', message]);
  }
  const files = await changedPaths(git, start, commit);
  await git.text(['update-ref', ref, commit, before ?? '']);
  return { files };
}

/** True if one of these branches has the commit: the task that resolves a conflict has both sides, and goes first. */
async function isInOneOf({ git }: Repository, commit: string, parts: readonly TaskRecord[]): Promise<boolean> {
  const refs = parts.flatMap(({ workspace }) => (workspace === undefined ? [] : [branchRef(workspace)]));
  if (refs.length === 0) return false;
  return (await git.text(['for-each-ref', '--format=%(refname)', '--contains', commit, ...refs])) !== '';
}

/** The merged parts that change one of these files: the other side of a conflict. */
async function changing(
  { git }: Repository,
  workspace: Workspace,
  parts: readonly TaskRecord[],
  without: TaskRecord,
  files: readonly string[],
): Promise<TaskRecord[]> {
  const found: TaskRecord[] = [];
  for (const part of parts) {
    const tip = part.id === without.id ? undefined : part.workspace?.merged_commit;
    if (tip === undefined) continue;
    const changed = await changedPaths(git, workspace.base_commit, tip).catch(() => []);
    if (changed.some((file) => files.includes(file))) found.push(part);
  }
  return found;
}

/** The error of a conflict that is left to the person. */
export function partConflict(group: TaskRecord, { part, against, files, workspace }: PartConflict): TaskError {
  const others = against.map(({ number }) => `#${number}`).join(', ');
  const sides = others === '' ? `the branch ${workspace.branch}` : others;
  return new TaskError('MergeConflict', `#${part.number} and ${sides} change the same lines of ${named(files)}.`, {
    next: [
      operationStep('Let an agent resolve the conflict', 'task.merge-parts', { task: group.number }, ['agent']),
      textStep(
        `Or merge ${workspace.branch} into ${part.workspace?.branch ?? 'the branch of the part'} in its worktree, and merge the parts again.`,
      ),
    ],
    details: { part: part.number, against: against.map(({ number }) => number), files },
  });
}
