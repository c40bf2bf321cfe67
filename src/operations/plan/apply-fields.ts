import { z } from 'zod';
import { taskStatusSchema } from '../../core/task/schema.ts';
import { taskFields } from '../task/fields.ts';

/** Fields of every operation that creates tasks from a plan. */
export const applyFields = {
  project: taskFields.project.optional(),
  parentTask: taskFields.parentTask.optional().describe('Existing task that becomes the parent of the new tasks.'),
  agent: taskFields.tool.optional().describe('Agent of the tasks that name none.'),
  limits: z.boolean().optional().describe('Set limits from similar finished tasks on new tasks that have none.'),
  start: z.boolean().optional().describe('Start the tasks immediately, in the order of their dependencies.'),
  dryRun: z.boolean().optional().describe('Show the tasks and every problem; create nothing.'),
} as const;

const plannedTaskSchema = z.object({
  key: z.string(),
  title: z.string(),
  kind: z.enum(['work', 'group']),
  agent: z.string(),
  parent: z.string().optional(),
  depth: z.number().int(),
  dependsOn: z.array(z.string()).readonly(),
  change: z.enum(['new', 'changed', 'unchanged']),
  fields: z.array(z.string()).readonly().optional(),
  /** Status of a new task that is not pending. */
  status: z.enum(['completed', 'cancelled', 'paused']).optional(),
  limits: z
    .object({
      max_tokens: z.number().optional(),
      max_cost_usd: z.number().optional(),
      max_duration_minutes: z.number().optional(),
    })
    .optional(),
  number: z.number().int().optional(),
  id: z.string().optional(),
});

/** The tasks of a plan; `applied` is false for a preview. */
export const appliedPlanSchema = z.object({
  applied: z.boolean(),
  tasks: z.array(plannedTaskSchema).readonly(),
  problems: z
    .array(
      z.object({
        kind: z.enum(['duplicateKey', 'tooMany', 'tooDeep', 'cycle', 'unknownReference']),
        key: z.string().optional(),
        message: z.string(),
      }),
    )
    .readonly(),
  missing: z
    .array(z.object({ id: z.string(), number: z.number().int(), title: z.string(), status: taskStatusSchema }))
    .readonly(),
  /** Remarks about lines of a source that were understood in part; they prevent nothing. */
  notes: z.array(z.object({ line: z.number().int().optional(), message: z.string() })).readonly(),
});
