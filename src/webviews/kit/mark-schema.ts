import * as z from 'zod/mini';

/** The shapes of standings: polygons in a square of 12 by 12. */
export const markShapesSchema = z.array(
  z.object({ mark: z.string(), polygons: z.array(z.array(z.array(z.number()))) }),
);

export type MarkShapes = z.output<typeof markShapesSchema>;
