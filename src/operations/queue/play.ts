import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { queueSchema } from './status.ts';
import { turnQueue } from './turn-queue.ts';

/** From now on every pending task runs as soon as it can, without being started by hand. */
export const queuePlay = defineOperation({
  name: 'queue.play',
  summary: 'Run all pending tasks in their order, also those that come later.',
  input: z.strictObject({}),
  output: queueSchema,
  positional: [],
  effect: 'run',
  run: (context) => turnQueue(context, true),
});
