import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { queueSchema } from './status.ts';
import { turnQueue } from './turn-queue.ts';

/** From now on only what is started by hand runs. What runs already goes on. */
export const queuePause = defineOperation('queue.pause', {
  input: z.strictObject({}),
  output: queueSchema,
  positional: [],
  run: (context) => turnQueue(context, false),
});
