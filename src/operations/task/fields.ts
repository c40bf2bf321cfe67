import { z } from 'zod';
import { limitNames } from '../../core/policy/limit-names.ts';
import { type ApprovalsMode, approvalsModeSchema } from '../../core/task/approvals-mode.ts';
import { checkpointMinutesSchema } from '../../core/task/checkpoint-schema.ts';
import { collaborationModeSchema } from '../../core/task/collaboration-mode.ts';
import { createTaskSchema } from '../../core/task/create.ts';
import { type Constraints, limits, prioritySchema } from '../../core/task/schema.ts';
import { isolationSchema, onCompleteSchema } from '../../core/task/workspace.ts';
import { allowedToolSchema } from '../../core/tools/tool-grammar.ts';
import { taskReference } from './references.ts';

/**
 * The fields of a task for people and agents, shared by create and update. In their metadata, `commas` splits the value
 * at commas on the command line, `text` also reads the value from a file, and `value` describes the value.
 */
export const taskFields = {
  title: z.string().describe(`Title (at most ${limits.titleChars} characters).`),
  description: z
    .string()
    .max(limits.textChars)
    .meta({ text: true })
    .describe('Description: context, goal, constraints.'),
  instructions: z
    .string()
    .max(limits.textChars)
    .meta({ text: true })
    .describe('Prompt for the agent. For SHELL, the script to run.'),
  tool: z
    .string()
    .min(1)
    .max(64)
    .meta({ value: 'agent' })
    .describe('Agent, for example CLAUDECODE, OPENCODE or SHELL.'),
  assignedTo: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .meta({ value: 'agent' })
    .describe('Agent, the model for the agent to use, or auto for the best agent.'),
  priority: prioritySchema.describe('Priority.'),
  project: z.string().trim().min(1).max(200).meta({ value: 'name' }).describe('Project of the task.'),
  parentTask: taskReference.describe('Parent task.'),
  dependsOn: z
    .array(taskReference)
    .max(limits.dependencies)
    .describe('Dependencies, to be completed first: numbers, ids or exact titles.'),
  label: createTaskSchema.shape.labels.unwrap().meta({ commas: true, value: 'label' }).describe('Labels.'),
  acceptance: z.array(z.string().trim().min(1).max(2_000)).max(100).describe('Acceptance criteria, one sentence each.'),
  review: z
    .enum(['none', 'required'])
    .describe('Whether a person must accept the result before the task is completed.'),
  collaboration: collaborationModeSchema
    .meta({ value: 'mode' })
    .describe(
      'When the agent stops for a person: not at all (autonomous), after each proposal (assisted), or before each change (supervised). Default: at questions only.',
    ),
  isolation: isolationSchema.describe(
    'Where the task runs: in its own git worktree, or (none) in the folder itself. Default: the configured isolation.',
  ),
  onComplete: onCompleteSchema.describe(
    'What happens to its branch on completion: a person reviews it, or it is merged automatically.',
  ),
  requiresApproval: z.boolean().describe('Require approval before the task starts.'),
  approver: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .meta({ value: 'who' })
    .describe('Person who must approve the start. Implies --requires-approval.'),
  budgetTokens: z.number().int().positive().describe('Token limit, for example 200k.'),
  budgetMinutes: z
    .number()
    .positive()
    .meta({ unit: 'minutes', value: 'minutes' })
    .describe('Limit of working time in minutes, for example 90 or 2h.'),
  budgetCost: z.number().positive().meta({ unit: 'dollars', value: 'dollars' }).describe('Cost limit in US dollars.'),
  checkpointMinutes: checkpointMinutesSchema
    .meta({ unit: 'minutes', value: 'minutes' })
    .describe('Minutes between automatic checkpoints while the task runs.'),
  maxIterations: z.number().int().positive().describe('Limit of agent turns.'),
  allowedTools: z
    .array(allowedToolSchema)
    .max(100)
    .meta({ commas: true, value: 'tool' })
    .describe('Kinds of tools the agent may use, for example file_operations:read,web_search.'),
  approvals: approvalsModeSchema.describe(
    'Who decides what the agent may do: it asks before each change and command (ask), its own permission mode decides (agent), or no person is asked (none). Default: as the agent is configured.',
  ),
} as const;

/** New limits; null removes one. */
export interface ConstraintChange {
  readonly budgetTokens?: number | null | undefined;
  readonly budgetMinutes?: number | null | undefined;
  readonly budgetCost?: number | null | undefined;
  readonly maxIterations?: number | null | undefined;
  readonly allowedTools?: readonly string[] | null | undefined;
  readonly approvals?: ApprovalsMode | null | undefined;
}

const constraintKeys: readonly (readonly [keyof ConstraintChange, keyof Constraints])[] = [
  ...Object.values(limitNames).map(({ option, constraint }) => [option, constraint] as const),
  ['allowedTools', 'allowed_tools'],
  ['approvals', 'approvals'],
];

/** The constraints after a change; keys without a new value stay. */
export function changeConstraints(before: Constraints, change: ConstraintChange): Constraints {
  const after: Record<string, unknown> = { ...before };
  for (const [from, to] of constraintKeys) {
    const value = change[from];
    if (value === null) delete after[to];
    else if (value !== undefined) after[to] = value;
  }
  return after;
}
