import { z } from 'zod';
import type { TaskRecord } from '../../core/task/schema.ts';
import { discardCheckpoints } from '../../runtime/checkpoints/orphans.ts';
import { type Leaving, leaveWorktree } from '../../runtime/worktrees/deleted.ts';
import { deleteFrom } from '../../store/task-changes.ts';
import type { WithLogger, WithStandings, WithTrust } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { tasksById, tasksSchema } from './output.ts';
import { resolveAnywhere, taskReferences } from './references.ts';

/**
 * Deletes tasks with their logs and worktrees; git keeps work that is not merged for 30 days. Returns the tasks before
 * the deletion. The logs of dependent tasks record it.
 */
export const taskDelete = defineOperation('task.delete', {
  input: z.strictObject({ tasks: taskReferences }),
  output: tasksSchema.extend({
    /** Sentences about unmerged work that git keeps, and about remaining worktrees. */
    kept: z.array(z.string()),
  }),
  positional: ['tasks'],
  hasSteps: true,
  async run(context: WithStandings & WithLogger & WithTrust, input, { signal, progress } = {}) {
    const found = new Map<string, TaskRecord>();
    for (const reference of input.tasks) {
      const task = await resolveAnywhere(context, reference);
      found.set(task.id, task);
    }
    const before = await tasksById(context, [...found.keys()]);
    const archived = [...found.keys()].filter((id) => context.store.view.byId(id) === undefined);
    // Git runs programs that the repository's settings name, so the worktree stays in a restricted folder.
    const leaving: Leaving[] = [];
    for (const task of context.trusted() ? found.values() : []) {
      progress?.({ done: leaving.length, total: found.size, message: `Saving the work of #${task.number}` });
      leaving.push(await leaveWorktree(context, task));
      // No deletion has happened up to this point.
      signal?.throwIfAborted();
    }
    await context.store.transact('task.delete', (draft) => {
      for (const id of found.keys()) if (!archived.includes(id)) deleteFrom(draft, draft.require(id));
    });
    if (archived.length > 0) await context.store.archive.delete(archived);
    for (const { remove } of leaving) {
      // The changes are saved by a ref; "worktrees --clean" removes leftovers of a failure.
      await remove().catch((error: Error) => context.logger.warn(`A worktree was left behind: ${error.message}`));
    }
    for (const { id, number } of context.trusted() ? found.values() : []) {
      await discardCheckpoints(context, id, number).catch((error: Error) =>
        context.logger.warn(`Checkpoints were left behind: ${error.message}`),
      );
    }
    return { ...before, kept: leaving.flatMap(({ words }) => words ?? []) };
  },
});
