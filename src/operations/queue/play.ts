import { z } from 'zod';
import type { WithActor, WithRuns } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { queueSchema } from './status.ts';
import { turnQueue } from './turn-queue.ts';

/** From now on workers start every pending task as soon as it is ready, without a manual start. */
export const queuePlay = defineOperation('queue.play', {
  input: z.strictObject({}),
  output: queueSchema,
  positional: [],
  takesNothing: true,
  run: (context: WithRuns & WithActor) => turnQueue(context, true),
});
