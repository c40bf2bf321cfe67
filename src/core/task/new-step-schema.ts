import { z } from 'zod';
import { allowedToolSchema } from '../tools/tool-grammar.ts';
import { aiToolSchema, constraintsSchema, limits } from './schema.ts';

/** Input of one phase of a workflow. */
export const newStepSchema = z.strictObject({
  agent: aiToolSchema,
  phase: z.string().trim().min(1).max(100),
  description: z.string().max(limits.textChars).optional(),
  instructions: z.string().max(limits.textChars).optional(),
  model: z.string().max(200).optional(),
  review: z.boolean().optional(),
  returns: z.number().int().min(0).max(20).optional(),
  checks: z.array(z.string().trim().min(1).max(limits.checkChars)).max(limits.checks).optional(),
  gate: z.boolean().optional(),
  constraints: z
    .strictObject({ ...constraintsSchema.shape, allowed_tools: z.array(allowedToolSchema).max(100).optional() })
    .optional(),
});

export const newStepsSchema = z.array(newStepSchema).min(1).max(limits.steps);
