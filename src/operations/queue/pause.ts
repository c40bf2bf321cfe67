import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { queueSchema } from './status.ts';
import { turnQueue } from './turn-queue.ts';

/** From now on only tasks that a person starts run. Running tasks continue. */
export const queuePause = defineOperation('queue.pause', {
  input: z.strictObject({}),
  output: queueSchema,
  positional: [],
  run: (context) => turnQueue(context, false),
});
