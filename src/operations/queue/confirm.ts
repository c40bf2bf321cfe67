import { z } from 'zod';
import type { WithRuns } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { ensureForReady } from './queue-tasks.ts';
import { describeQueue, queueSchema } from './status.ts';

/** Tasks that came with a folder run nothing on this machine until a person confirms them. */
export const queueConfirm = defineOperation('queue.confirm', {
  input: z.strictObject({}),
  output: queueSchema,
  positional: [],
  async run(context: WithRuns) {
    await context.confirmTasks();
    await ensureForReady(context);
    return describeQueue(context);
  },
});
