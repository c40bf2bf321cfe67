import { checkpointRef } from '../../core/task/checkpoint.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { firstLines, type Git } from './git.ts';
import { type ResultsContext, resultsRemote } from './remote.ts';

/**
 * Pushes a new checkpoint, so that other machines can restore it. The next result of the task pushes it as well, so that a
 * failure is logged.
 */
export async function pushCheckpoint(
  context: ResultsContext,
  git: Git,
  { id, number }: Pick<TaskRecord, 'id' | 'number'>,
  checkpoint: number,
): Promise<void> {
  try {
    const remote = await resultsRemote(context, { git });
    if (remote === undefined) return;
    const ref = checkpointRef(id, checkpoint);
    // Without an expected commit, git only creates.
    const words = [
      '--quiet',
      '--no-verify',
      '--no-follow-tags',
      '--recurse-submodules=no',
      `--force-with-lease=${ref}:`,
    ];
    const { code, stderr } = await remote.git.try(['push', ...words, remote.name, `${ref}:${ref}`]);
    if (code !== 0) throw new Error(firstLines(stderr));
  } catch (error) {
    context.logger.warn(`Checkpoint ${checkpoint} of #${number} could not be pushed.`, error);
  }
}
