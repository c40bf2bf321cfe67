import { checkpointRef, checkpointRefs } from '../../core/task/checkpoint.ts';
import type { Checkpoint } from '../../core/task/checkpoint-schema.ts';
import type { Git } from '../worktrees/git.ts';
import type { WorktreeContext } from '../worktrees/review.ts';

/** A ref without a record may belong to a record that is about to be written. */
const ON_ITS_WAY_MS = 60 * 60_000;

/**
 * Releases the commits of pruned checkpoints, and of those whose creation or pruning was interrupted. Records go first,
 * so that none ever names a missing commit.
 */
export async function releaseCheckpoints(
  context: WorktreeContext,
  git: Git,
  taskId: string,
  pruned: readonly Checkpoint[],
): Promise<void> {
  for (const { number } of pruned) await git.try(['update-ref', '-d', checkpointRef(taskId, number)]);
  const task = context.store.view.byId(taskId);
  if (task === undefined) return;
  const named = new Set((task.checkpoints ?? []).map(({ number }) => number));
  const format = '--format=%(refname) %(objectname) %(committerdate:unix)';
  const lines = (await git.text(['for-each-ref', format, checkpointRefs(taskId)])).split('\n');
  for (const line of lines) {
    const [ref = '', commit = '', seconds = ''] = line.split(' ');
    const number = Number(/\/(\d+)$/.exec(ref)?.[1]);
    if (!Number.isInteger(number) || named.has(number)) continue;
    if (Date.now() - Number(seconds) * 1_000 < ON_ITS_WAY_MS) continue;
    await git.try(['update-ref', '-d', ref, commit]);
  }
}
