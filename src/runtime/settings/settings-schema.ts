import { z } from 'zod';
import { recoveryRuleSchema } from '../../core/policy/recovery.ts';
import { permissionRuleSchema } from '../../core/policy/rules.ts';
import { checkpointMinutesSchema } from '../../core/task/checkpoint-schema.ts';
import { isolationSchema, onCompleteSchema } from '../../core/task/workspace.ts';

// What is described here is what a person reads who writes the file in an editor: `schemas/config.schema.json` is made of it.

/** A folder in the workspace that can be linked into worktrees: never the repository's own, nor that of the tasks. */
const linkedFolder = z
  .string()
  .max(500)
  .regex(/^(?!\.git(\/|$)|\.systemprompt(\/|$))[^/\\:]+(\/[^/\\:]+)*$/)
  .refine((path) => !path.split('/').some((part) => part === '.' || part === '..'), 'must stay in the folder');

const workerSchema = z
  .looseObject({
    maxParallel: z
      .number()
      .int()
      .min(1)
      .max(64)
      .optional()
      .describe('Tasks at work at once in the folder, whoever runs them; 2 if not given.'),
    maxPerAgent: z
      .record(z.string().max(64), z.number().int().min(1).max(64))
      .optional()
      .describe('By name of an agent: how many of its tasks are at work at once in the folder.'),
    sessionIdleMinutes: z
      .number()
      .positive()
      .max(10_080)
      .optional()
      .describe('Minutes that an open session waits for a follow-up; 10 if not given.'),
  })
  .describe('How started tasks are run.');

const worktreesSchema = z
  .looseObject({
    quotaMb: z
      .number()
      .positive()
      .optional()
      .describe('Megabytes on disk above which worktrees of merged tasks go, the oldest first.'),
    link: z
      .array(linkedFolder)
      .max(20)
      .optional()
      .describe('Folders that git ignores and a build needs, such as node_modules: linked into worktrees, not copied.'),
    onComplete: onCompleteSchema
      .optional()
      .describe('What happens with the result of a task that does not say it: a person reviews it, or it is merged.'),
  })
  .describe('The folders in which tasks work.');

const checkpointsSchema = z
  .looseObject({
    minutes: z
      .union([checkpointMinutesSchema, z.literal(false)])
      .optional()
      .describe('Minutes between checkpoints of a task that runs; 10 if not given, false for none.'),
    keep: z
      .number()
      .int()
      .min(1)
      .max(500)
      .optional()
      .describe('How many of those that are made by themselves each task keeps; 20 if not given.'),
  })
  .describe('What is kept of the files of a task while it runs.');

const logsSchema = z
  .looseObject({
    plainMegabytes: z
      .number()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe(
        "Megabytes of each task's log that are kept as plain text; what is older is compressed, never dropped. 256 if not given.",
      ),
  })
  .describe('The logs of tasks.');

const perDaySchema = z
  .looseObject({
    tokens: z.number().positive().optional().describe('Tokens, of input and output.'),
    costUsd: z.number().positive().optional().describe('Cost in US dollars, as agents tell it.'),
    minutes: z.number().positive().optional().describe('Minutes of work; waiting for a person does not count.'),
    iterations: z.number().int().positive().optional().describe('Turns of agents.'),
  })
  .describe('What all tasks of the folder together may spend in a day, by the clock of the machine.');

const archiveSchema = z
  .looseObject({
    afterDays: z
      .number()
      .min(1)
      .max(100_000)
      .optional()
      .describe(
        'Tasks that ended so many days ago are archived when a window or a worker opens the folder. Never if not given.',
      ),
  })
  .describe('What happens with tasks that ended long ago.');

/** What becomes of a task when one that it depends on failed, was cancelled or deleted. */
const dependencyPolicySchema = z.enum(['block', 'cancel', 'go_on']);

export type DependencyPolicy = z.infer<typeof dependencyPolicySchema>;

/** `config.json`: of the machine (`~/.config/systemprompt`) and of the workspace (`.systemprompt`), which is shared. */
export const settingsSchema = z.looseObject({
  agents: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      'Agents by the name that tasks call them. Those of a folder are run once a person confirms them: systemprompt agents --confirm.',
    ),
  worker: workerSchema.optional(),
  isolation: isolationSchema
    .optional()
    .describe(
      'Where tasks run that do not say it: each in a worktree of its own where git makes that possible, or in the folder.',
    ),
  worktrees: worktreesSchema.optional(),
  checkpoints: checkpointsSchema.optional(),
  logs: logsSchema.optional(),
  budget: z
    .looseObject({ perDay: perDaySchema.optional() })
    .optional()
    .describe('Limits of what is spent. A folder can lower those of the machine, not raise them.'),
  archive: archiveSchema.optional(),
  onDependencyFailed: dependencyPolicySchema
    .optional()
    .describe(
      'What happens with a task that is to run when one that it depends on failed, was cancelled or deleted: it waits for a person and says why (block, also if not given), is cancelled, or goes on without it.',
    ),
  recovery: z
    .record(z.string().max(100), z.union([z.literal(true), recoveryRuleSchema]))
    .optional()
    .describe(
      'What happens with a task that stops with an error, by its code: true for what is built in (limits are raised by 1.5, a refused tool asks a person, a crashed agent runs again), or a rule. A folder cannot raise its own limits: only what the machine says counts for those.',
    ),
  policy: z
    .enum(['ask', 'standard'])
    .optional()
    .describe(
      'What needs no rule: with "ask" nothing (also if not given); with "standard" looking at the folder, testing and checking it, changing sources, tests and docs, and commits in it. That of a folder counts once a person confirms it.',
    ),
  rules: z
    .array(permissionRuleSchema)
    .max(500)
    .optional()
    .describe(
      'What agents may do without asking, may not do, or always have to ask about. Denying goes before asking, asking before allowing. What no rule names is asked.',
    ),
});

export type SettingsFile = z.infer<typeof settingsSchema>;
