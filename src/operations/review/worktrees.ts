import { z } from 'zod';
import { cleanWorktrees } from '../../runtime/worktrees/clean.ts';
import { listWorktrees } from '../../runtime/worktrees/list.ts';
import type { WithWork } from '../context.ts';
import { defineOperation, stoppedSchema } from '../operation.ts';

/**
 * The worktrees of this folder's tasks and their disk use. Not for a restricted folder: git runs programs that the
 * repository's own settings name, such as filters.
 */
export const worktrees = defineOperation('worktrees', {
  input: z.strictObject({
    clean: z
      .boolean()
      .optional()
      .describe('Remove worktrees whose changes are merged, discarded, or saved after the deletion of their task.'),
  }),
  output: z.object({
    worktrees: z.array(
      z.object({
        folder: z.string(),
        task: z.object({ id: z.string(), number: z.number().int(), title: z.string(), status: z.string() }).nullable(),
        branch: z.string().nullable(),
        state: z.enum(['working', 'unmerged', 'merged', 'discarded', 'unknown']),
        bytes: z.number(),
        /** Changed files; null where they are not known. */
        changed: z.number().nullable(),
      }),
    ),
    bytes: z.number(),
    /** From the settings, in bytes; null without a limit. */
    quota: z.number().nullable(),
    removed: z.array(z.string()),
    stopped: stoppedSchema,
  }),
  positional: [],
  takesNothing: true,
  hasSteps: true,
  async run(context: WithWork, input, options) {
    await context.store.refresh();
    const { removed, stopped } =
      input.clean === true ? await cleanWorktrees(context, options) : { removed: [], stopped: null };
    const listed = await listWorktrees(context);
    const quotaMb = context.settings.worktrees?.quotaMb;
    return {
      worktrees: listed.map(({ folder, task, state, bytes, changed }) => ({
        folder,
        task: task === undefined ? null : { id: task.id, number: task.number, title: task.title, status: task.status },
        branch: task?.workspace?.branch ?? null,
        state,
        bytes,
        changed: changed ?? null,
      })),
      bytes: listed.reduce((sum, { bytes }) => sum + bytes, 0),
      quota: quotaMb === undefined ? null : quotaMb * 1024 * 1024,
      removed: [...removed],
      stopped,
    };
  },
});
