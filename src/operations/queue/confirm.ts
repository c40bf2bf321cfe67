import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { ensureForReady } from './queue-tasks.ts';
import { describeQueue, queueSchema } from './status.ts';

/** Tasks that came with a folder run nothing on this machine until a person has said so. */
export const queueConfirm = defineOperation({
  name: 'queue.confirm',
  summary: 'Let the tasks run that were set to run before this folder came to this machine.',
  input: z.strictObject({}),
  output: queueSchema,
  positional: [],
  effect: 'run',
  async run(context) {
    await context.confirmTasks();
    await ensureForReady(context);
    return describeQueue(context);
  },
});
