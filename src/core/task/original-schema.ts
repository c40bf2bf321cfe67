import { z } from 'zod';
import { taskIdSchema } from './id.ts';

/** A task as the original systemprompt server wrote it: its log inside, no number, no revision. */
export const originalTaskSchema = z.looseObject({
  id: taskIdSchema,
  description: z.string(),
  status: z.string(),
  tool: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  /** Missing in a file that a person wrote after the specification. */
  logs: z.array(z.looseObject({ timestamp: z.string(), message: z.string() })).default([]),
  started_at: z.string().optional(),
  completed_at: z.string().optional(),
  assigned_to: z.string().optional(),
  error: z.string().optional(),
  result: z.unknown().optional(),
});

export type OriginalTask = z.infer<typeof originalTaskSchema>;
