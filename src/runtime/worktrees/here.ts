import { TaskError } from '../../core/errors.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace } from '../../core/task/workspace.ts';
import type { StoreView } from '../../store/journal/view.ts';
import { fetchResult } from './fetch-result.ts';
import { hasBegun } from './prepare.ts';
import { type ResultsContext, resultsRemote } from './remote.ts';
import { branchRef, findRepository, type Repository } from './repository.ts';
import { fetchSubmodules } from './submodule-fetch.ts';

/** Why a worker leaves a task to another machine. */
export interface Elsewhere {
  /** The task whose work is missing here. */
  readonly number: number;
  /** A clause without a full stop. */
  readonly reason: string;
  /** True if the network was asked: asking again at once is of no use. */
  readonly asked: boolean;
}

/**
 * Prepares this repository for a task of a shared store: fetches the results that it needs from the remote. Returns why
 * the task cannot run here: the branch of its own work, or of a dependency with an unmerged result, is missing.
 */
export async function whyElsewhere(context: ResultsContext, task: TaskRecord): Promise<Elsewhere | undefined> {
  const needed = neededWork(context.store.view, task);
  const [first] = needed;
  if (first === undefined) return undefined;
  const repository = await findRepository(context.store.folder);
  if ('reason' in repository) return { number: first.number, reason: repository.reason, asked: false };
  for (const each of needed) {
    const reason = await missing(context, repository, each, each.id === task.id);
    if (reason !== undefined) return { number: each.number, ...reason };
  }
  return undefined;
}

/** Tasks whose work has to be in the repository. */
function neededWork(view: StoreView, task: TaskRecord): TaskRecord[] {
  const dependencies = task.depends_on.flatMap((id) => view.dependency(id) ?? []);
  const groups = dependencies.flatMap(({ workspace }) =>
    workspace?.merged_into === undefined ? [] : (view.dependency(workspace.merged_into) ?? []),
  );
  // A planned worktree that a crash left without a branch can be made anywhere.
  const own = hasBegun(task) ? [task] : [];
  const isNeeded = (each: TaskRecord): boolean =>
    openWorkspace(each) !== undefined || each.workspace?.landed_commit !== undefined;
  return [...own, ...dependencies, ...groups].filter(isNeeded);
}

async function missing(
  context: ResultsContext,
  repository: Repository,
  task: TaskRecord,
  isOwn: boolean,
): Promise<Omit<Elsewhere, 'number'> | undefined> {
  const { git, head } = repository;
  const { workspace } = task;
  if (workspace === undefined) return undefined;
  if (openWorkspace(task) === undefined) {
    const landed = workspace.landed_commit;
    if (landed !== undefined && (await git.isAncestor(landed, head))) return undefined;
  } else if ((await git.commit(branchRef(workspace))) === undefined) {
    // Another machine may have files that no commit has.
    if (isOwn && !endedWell(task)) return { reason: 'its last run did not end there', asked: false };
    if ((await resultsRemote(context, repository)) === undefined) {
      return { reason: 'this repository has no remote for results', asked: false };
    }
    if (workspace.result === undefined) return { reason: 'its result was not pushed', asked: false };
  }
  try {
    await fetchResult(context, repository, task);
    const tip = workspace.merged_commit ?? workspace.result?.commit;
    if (tip !== undefined) await fetchSubmodules(context, repository, task, tip, workspace.base_commit);
    return undefined;
  } catch (error) {
    return { reason: TaskError.from(error).message.replace(/\.$/, ''), asked: true };
  }
}

function endedWell({ executions }: TaskRecord): boolean {
  return executions.at(-1)?.outcome === 'completed';
}
