import { z } from 'zod';
import { takeSteps } from '../../core/steps.ts';
import { orphanCheckpoints } from '../../runtime/checkpoints/orphans.ts';
import { removableWorktrees } from '../../runtime/worktrees/clean.ts';
import type { Garbage } from '../../store/maintenance.ts';
import type { WithTrust, WithWork } from '../context.ts';
import { defineOperation, stoppedSchema } from '../operation.ts';

const DEFAULT_DAYS = 90;

type Freeable = Omit<Garbage, 'kind'> & { readonly kind: Garbage['kind'] | 'worktree' | 'checkpoints' };

/** Lists deletable files, and deletes them with `yes`. */
export const gc = defineOperation('gc', {
  input: z.strictObject({
    yes: z.boolean().optional().describe('Delete the listed files.'),
    dryRun: z.boolean().optional().describe('List deletable files without deleting them, even with --yes.'),
    olderThanDays: z
      .number()
      .int()
      .min(0)
      .max(100_000)
      .optional()
      .describe(`Minimum age in days of quarantined files and backups to delete. Default: ${DEFAULT_DAYS}.`),
  }),
  output: z.object({
    items: z.array(
      z.object({
        kind: z.enum(['log', 'orphan-log', 'quarantine', 'backup', 'leftover', 'worktree', 'checkpoints']),
        what: z.string(),
        /** An estimate for logs to compress. */
        bytes: z.number().int().nonnegative(),
        /** Why it was not freed. */
        problem: z.string().optional(),
      }),
    ),
    bytes: z.number().int().nonnegative(),
    freed: z.boolean(),
    /** Later items are not in the list. */
    stopped: stoppedSchema,
  }),
  positional: [],
  hasSteps: true,
  async run(
    context: WithWork & WithTrust,
    { yes = false, dryRun = false, olderThanDays = DEFAULT_DAYS },
    options = {},
  ) {
    const { store } = context;
    await store.refresh();
    const found: Freeable[] = [
      ...((await store.maintenance?.garbage(olderThanDays)) ?? []),
      ...(await worktreesOf(context, options.signal)),
      ...(await checkpointsOf(context)),
    ];
    const free = yes && !dryRun && store.readOnly === undefined;
    const items: { kind: Freeable['kind']; what: string; bytes: number; problem?: string }[] = [];
    const stopped = await takeSteps(found, options, {
      message: ({ what }) => (free ? `Freeing ${what}` : what),
      async take({ kind, what, bytes, free: remove }) {
        if (!free) {
          items.push({ kind, what, bytes });
          return;
        }
        try {
          items.push({ kind, what, bytes: Math.max(0, await remove()) });
        } catch (error) {
          items.push({ kind, what, bytes: 0, problem: (error as Error).message });
        }
      },
    });
    return { items, bytes: items.reduce((sum, item) => sum + item.bytes, 0), freed: free, stopped };
  },
});

/**
 * Worktrees whose work is saved elsewhere. Skipped in a restricted folder, because git runs programs that the
 * repository's settings name.
 */
async function worktreesOf(context: WithWork & WithTrust, signal?: AbortSignal): Promise<Freeable[]> {
  if (!context.trusted()) return [];
  return (await removableWorktrees(context, signal)).map(({ folder, bytes, remove }) => ({
    kind: 'worktree',
    what: `${folder}: a worktree with nothing in it that is not merged or kept`,
    bytes,
    free: async () => {
      await remove();
      return bytes;
    },
  }));
}

/** Git stores their objects together with the commits of others, so that the freed space is unknown in advance. */
async function checkpointsOf(context: WithWork & WithTrust): Promise<Freeable[]> {
  if (!context.trusted()) return [];
  return (await orphanCheckpoints(context, Date.now())).map(({ taskId, count, remove }) => ({
    kind: 'checkpoints',
    what: `${taskId}: ${count === 1 ? 'a checkpoint' : `${count} checkpoints`} of a deleted task`,
    bytes: 0,
    free: async () => {
      await remove();
      return 0;
    },
  }));
}
