import { z } from 'zod';
import type { WithActor, WithRuns } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { queueSchema } from './status.ts';
import { turnQueue } from './turn-queue.ts';

/** From now on only tasks that a person starts run. Running tasks continue. */
export const queuePause = defineOperation('queue.pause', {
  input: z.strictObject({}),
  output: queueSchema,
  positional: [],
  takesNothing: true,
  run: (context: WithRuns & WithActor) => turnQueue(context, false),
});
