import { z } from 'zod';
import { allowedToolSchema } from '../../core/policy/tool-grammar.ts';
import { checkpointMinutesSchema } from '../../core/task/checkpoint-schema.ts';
import { createTaskSchema } from '../../core/task/create.ts';
import { type Constraints, limits, prioritySchema } from '../../core/task/schema.ts';
import { isolationSchema, onCompleteSchema } from '../../core/task/workspace.ts';
import { taskReference } from './references.ts';

/**
 * The fields of a task as people and agents name them, shared by creating and updating. In their metadata, `commas` says that
 * the command line splits the value at commas, `text` that it also takes the value from a file, `value` what a value is.
 */
export const taskFields = {
  title: z.string().describe(`What is to be done, in a few words (at most ${limits.titleChars} characters).`),
  description: z
    .string()
    .max(limits.textChars)
    .meta({ text: true })
    .describe('More about it: context, goal, what to keep in mind.'),
  instructions: z
    .string()
    .max(limits.textChars)
    .meta({ text: true })
    .describe('What the agent gets to read; for SHELL, the script to run.'),
  tool: z
    .string()
    .min(1)
    .max(64)
    .meta({ value: 'agent' })
    .describe('The agent that does it, for example CLAUDECODE, OPENCODE or SHELL.'),
  assignedTo: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .meta({ value: 'agent' })
    .describe('The agent that does it, or the model that the agent is to use.'),
  priority: prioritySchema.describe('How urgent it is.'),
  project: z.string().trim().min(1).max(200).meta({ value: 'name' }).describe('The project that it belongs to.'),
  parentTask: taskReference.describe('The task that it is a part of.'),
  dependsOn: z
    .array(taskReference)
    .max(limits.dependencies)
    .describe('Tasks that must be completed first: numbers, ids or exact titles.'),
  label: createTaskSchema.shape.labels
    .unwrap()
    .meta({ commas: true, value: 'label' })
    .describe('Labels to find it by.'),
  acceptance: z
    .array(z.string().trim().min(1).max(2_000))
    .max(100)
    .describe('How to tell that it is done; each a sentence.'),
  review: z.enum(['none', 'required']).describe('Whether a person must accept the result.'),
  isolation: isolationSchema.describe(
    'Where it runs: in a git worktree of its own, or (none) in the folder itself. Not given: as the settings say.',
  ),
  onComplete: onCompleteSchema.describe('What happens with its branch: a person reviews it, or it is merged at once.'),
  requiresApproval: z.boolean().describe('A person must approve before it starts.'),
  approver: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .meta({ value: 'who' })
    .describe('Who is to approve it; asks for approval.'),
  budgetTokens: z.number().int().positive().describe('The most tokens it may spend.'),
  budgetMinutes: z.number().positive().describe('The most minutes it may work.'),
  budgetCost: z.number().positive().describe('The most it may cost, in US dollars.'),
  checkpointMinutes: checkpointMinutesSchema.describe('Minutes between its checkpoints while it runs.'),
  maxIterations: z.number().int().positive().describe('The most turns that the agent may take.'),
  allowedTools: z
    .array(allowedToolSchema)
    .max(100)
    .meta({ commas: true, value: 'tool' })
    .describe('The kinds of tools it may use, for example file_operations:read,web_search.'),
} as const;

/** A budget that is asked for; null removes one. */
export interface ConstraintChange {
  readonly budgetTokens?: number | null | undefined;
  readonly budgetMinutes?: number | null | undefined;
  readonly budgetCost?: number | null | undefined;
  readonly maxIterations?: number | null | undefined;
  readonly allowedTools?: readonly string[] | null | undefined;
}

const constraintKeys = {
  budgetTokens: 'max_tokens',
  budgetMinutes: 'max_duration_minutes',
  budgetCost: 'max_cost_usd',
  maxIterations: 'max_iterations',
  allowedTools: 'allowed_tools',
} as const satisfies Record<keyof ConstraintChange, keyof Constraints>;

/** The constraints after a change: what it does not name stays. */
export function changeConstraints(before: Constraints, change: ConstraintChange): Constraints {
  const after: Record<string, unknown> = { ...before };
  for (const [from, to] of Object.entries(constraintKeys)) {
    const value = change[from as keyof ConstraintChange];
    if (value === null) delete after[to];
    else if (value !== undefined) after[to] = value;
  }
  return after;
}
