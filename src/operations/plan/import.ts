import { z } from 'zod';
import { importFormats } from '../../formats/import/import-text.ts';
import type { WithRuns } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { appliedPlanSchema, applyFields } from './apply-fields.ts';
import { applyPlan } from './apply-plan.ts';
import { importDraft, isGithub } from './draft.ts';

const { project, parentTask, agent, dryRun } = applyFields;

/** Imports the tasks of another tool in one transaction. Imported tasks are never queued. */
export const importTasks = defineOperation('import', {
  input: z.strictObject({
    path: z
      .string()
      .trim()
      .min(1)
      .max(4_000)
      .describe('File or folder of the other tool, or github for the issues of this repository, or github:owner/name.'),
    from: z.enum(importFormats).optional().describe('Its format. Default: recognised by the content.'),
    closed: z.boolean().optional().describe('Import closed issues of GitHub, too.'),
    project,
    parentTask,
    agent,
    dryRun,
  }),
  output: appliedPlanSchema.extend({ format: z.enum(importFormats) }),
  positional: ['path'],
  hasSteps: true,
  // It starts gh.
  runsWith: ({ path }) => isGithub(path),
  async run(context: WithRuns, { path, from, closed, ...options }, steps) {
    const choice = { from, closed, signal: steps?.signal };
    const { format, plan, notes } = await importDraft(context.store.folder, path, choice);
    const output = await applyPlan(context, plan, options, steps);
    return { ...output, format, notes: [...output.notes, ...notes] };
  },
});
