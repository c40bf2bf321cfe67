import * as z from 'zod/mini';

/** Fields that a person changes with a list or an input box of the editor. */
export const fieldSchema = z.enum([
  'tool',
  'assignedTo',
  'priority',
  'project',
  'label',
  'parentTask',
  'dependsOn',
  'budgetTokens',
  'budgetCost',
  'budgetMinutes',
  'maxIterations',
  'allowedTools',
  'approvals',
  'requiresApproval',
  'review',
  'isolation',
  'onComplete',
  'checkpointMinutes',
]);

export const factSchema = z.object({
  name: z.string(),
  value: z.string(),
  /** The field that a press changes. */
  field: z.optional(fieldSchema),
  /** The value stands for a missing one. */
  empty: z.boolean(),
});

export type FieldName = z.output<typeof fieldSchema>;
export type Fact = z.output<typeof factSchema>;
