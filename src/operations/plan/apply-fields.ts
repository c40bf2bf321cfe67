import { z } from 'zod';
import { taskFields } from '../task/fields.ts';

/** Fields of every operation that creates tasks from a plan. */
export const applyFields = {
  project: taskFields.project.optional(),
  parentTask: taskFields.parentTask.optional().describe('Existing task that becomes the parent of the new tasks.'),
  agent: taskFields.tool.optional().describe('Agent of the tasks that name none.'),
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
});
