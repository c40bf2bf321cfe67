import { checkpointRef } from '../../core/task/checkpoint.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace } from '../../core/task/workspace.ts';
import type { Git } from './git.ts';
import { pushLargeFiles } from './large-files.ts';
import { type ResultsContext, resultsRemote } from './remote.ts';
import { branchRef, type Repository } from './repository.ts';
import { pushUnderResults } from './result-ref.ts';
import { pushSubmodules } from './submodule-push.ts';

/**
 * Pushes the branch of a task, its checkpoints and the commits of its submodules, so that other machines can continue from them. Does nothing in a store
 * of one machine, without a remote, and for a branch that was pushed already.
 *
 * @throws TaskError `GitFailed` if the remote does not accept it; the branch stays here
 */
export async function pushResult(context: ResultsContext, repository: Repository, task: TaskRecord): Promise<void> {
  const workspace = openWorkspace(task);
  if (workspace === undefined) return;
  const remote = await resultsRemote(context, repository);
  if (remote === undefined) return;
  const tip = await repository.git.commit(branchRef(workspace));
  if (tip === undefined || tip === workspace.result?.commit) return;
  // The branch here is behind, because the task ran on another machine in the meantime.
  if (workspace.result !== undefined && !(await repository.git.isAncestor(workspace.result.commit, tip))) return;
  // Before the result: no other machine ever finds one whose submodules are missing.
  await pushSubmodules(context, repository, task, workspace, tip);
  await pushLargeFiles(remote, branchRef(workspace));
  const ref = await pushUnderResults(remote, {
    number: task.number,
    commit: tip,
    last: workspace.result,
    along: await checkpointsOf(repository.git, task),
    what: `The result of #${task.number}`,
  });
  await context.store.transact('worktree.push', (draft) => {
    const current = draft.byId(task.id)?.workspace;
    if (current?.branch !== workspace.branch || current.result?.commit !== workspace.result?.commit) return;
    draft.patch(task.id, { workspace: { ...current, result: { ref, commit: tip } } });
  });
}

async function checkpointsOf(git: Git, task: TaskRecord): Promise<string[]> {
  const kept = (task.checkpoints ?? []).filter(({ commit }) => commit !== undefined);
  const wanted = new Set(kept.map(({ number }) => checkpointRef(task.id, number)));
  if (wanted.size === 0) return [];
  const found = await git.text(['for-each-ref', '--format=%(refname)', ...wanted]);
  return found.split('\n').filter((ref) => wanted.has(ref));
}
