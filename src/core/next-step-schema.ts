import { z } from 'zod';

const label = z.string().min(1).max(2_000);

/** The steps as they are stored with the error of a task. */
export const nextStepsSchema = z
  .array(
    z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('operation'),
        operation: z.string().regex(/^[a-z]+(?:[.-][a-z]+)*$/),
        input: z.record(z.string(), z.unknown()).readonly().optional(),
        ask: z.array(z.string().max(100)).readonly().optional(),
        label,
      }),
      z.object({ kind: z.literal('shell'), command: z.string().min(1).max(2_000), label }),
      z.object({ kind: z.literal('text'), label }),
    ]),
  )
  .max(10)
  .readonly();
