import { z } from 'zod';
import { recoveryRuleSchema } from '../../core/policy/recovery-rule.ts';
import { permissionRuleSchema } from '../../core/policy/rules.ts';
import { checkpointMinutesSchema } from '../../core/task/checkpoint-schema.ts';
import { hookEvents } from '../../core/task/hook-event.ts';
import { branchPrefixPattern, isolationSchema, onCompleteSchema } from '../../core/task/workspace.ts';

// `schemas/config.schema.json` is generated from these descriptions for people who edit the file.

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
      .describe('Maximum number of tasks running in the folder, across all workers. Default: 2.'),
    maxPerAgent: z
      .record(z.string().max(64), z.number().int().min(1).max(64))
      .optional()
      .describe('Maximum number of running tasks in the folder for each agent name.'),
    sessionIdleMinutes: z
      .number()
      .positive()
      .max(10_080)
      .optional()
      .describe('Minutes that an open session waits for a follow-up. Default: 10.'),
    rateLimit: z
      .enum(['wait', 'fail'])
      .optional()
      .describe('Whether a task that meets the rate limit of its model waits for its end, or fails. Default: wait.'),
    agentTools: z
      .boolean()
      .optional()
      .describe('Whether agents get tools for their own task: progress, notes, questions, parts. Default: true.'),
  })
  .describe('Worker settings.');

const worktreesSchema = z
  .looseObject({
    quotaMb: z
      .number()
      .positive()
      .optional()
      .describe('Disk quota in megabytes. Above it, worktrees of merged tasks are removed, oldest first.'),
    link: z
      .array(linkedFolder)
      .max(20)
      .optional()
      .describe(
        'Git-ignored folders that a build needs, such as node_modules. They are linked into worktrees, not copied.',
      ),
    copy: z
      .array(linkedFolder)
      .max(20)
      .optional()
      .describe('Git-ignored folders to copy into each new worktree. Use it where tools write into the folder.'),
    submodules: z
      .boolean()
      .optional()
      .describe(
        'Whether new worktrees have the files of submodules; true by default. They come from your own clones, without a network.',
      ),
    setup: z
      .string()
      .trim()
      .min(1)
      .max(10_000)
      .optional()
      .describe(
        'Shell command that runs once in each new worktree, for example "npm ci". A command of a folder runs only after a person confirms it on this machine.',
      ),
    branchPrefix: z
      .string()
      .regex(branchPrefixPattern)
      .optional()
      .describe('Start of the names of task branches, ending in "/" or "-"; "systemprompt/" by default.'),
    place: z
      .union(
        [
          z.enum(['inside', 'outside']),
          z
            .string()
            .max(500)
            .regex(/^(~[\\/]|\/|[A-Za-z]:[\\/]|\\\\)/),
        ],
        'must be "inside", "outside", an absolute path, or a path that starts with "~/"',
      )
      .optional()
      .describe(
        'Folder of the worktrees: "inside" is .systemprompt/worktrees, "outside" a folder of your own account, or an absolute path or one that starts with "~/". Default: inside. The place of a folder counts only after a person confirms it.',
      ),
    remote: z
      .string()
      .regex(/^[A-Za-z0-9][\w.-]{0,99}$/)
      .optional()
      .describe(
        'Git remote through which machines exchange results when the tasks are in a database; "none" exchanges none. Default: origin, or the only remote.',
      ),
    onComplete: onCompleteSchema
      .optional()
      .describe('Default handling of results: a person reviews them, or they are merged automatically.'),
  })
  .describe('Git worktrees of tasks.');

const checkpointsSchema = z
  .looseObject({
    minutes: z
      .union([checkpointMinutesSchema, z.literal(false)])
      .optional()
      .describe('Minutes between checkpoints of a running task, or false for none. Default: 10.'),
    keep: z
      .number()
      .int()
      .min(1)
      .max(500)
      .optional()
      .describe('Number of automatic checkpoints to keep per task. Default: 20.'),
  })
  .describe('Checkpoints of running tasks.');

const logsSchema = z
  .looseObject({
    plainMegabytes: z
      .number()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe("Megabytes of each task's log to keep as plain text. Older parts are compressed. Default: 256."),
    maxMegabytes: z
      .number()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe(
        "Megabytes of each task's log on disk. Beyond it, the oldest lines are dropped, with a note in the log. Default: 1,000.",
      ),
    maxRunMegabytes: z
      .number()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe(
        'Megabytes of output that one run may log. Its further output is not logged, with a note in the log. Default: 200.',
      ),
  })
  .describe('Task logs.');

const perDaySchema = z
  .looseObject({
    tokens: z.number().positive().optional().describe('Input and output tokens.'),
    costUsd: z.number().positive().optional().describe('Cost in US dollars, as reported by agents.'),
    minutes: z.number().positive().optional().describe('Minutes of work, without time spent waiting for a person.'),
    iterations: z.number().int().positive().optional().describe('Agent turns.'),
  })
  .describe('Daily limits for all tasks of the folder, from midnight to midnight local time.');

const archiveSchema = z
  .looseObject({
    afterDays: z
      .number()
      .min(1)
      .max(100_000)
      .optional()
      .describe(
        'Age in days at which ended tasks are archived, when a window or a worker opens the folder. Default: never.',
      ),
  })
  .describe('Archiving of tasks that ended long ago.');

const planSchema = z
  .looseObject({
    closeIssues: z
      .boolean()
      .optional()
      .describe(
        'Whether completing a task closes the GitHub issue that it was imported from, with a comment, through gh. Default: false. The setting of a folder takes effect after a person confirms it on this machine.',
      ),
    tickSource: z
      .boolean()
      .optional()
      .describe(
        'Whether completing a task ticks its checkbox in the specification file that it was planned from. Default: false. The setting of a folder takes effect after a person confirms it on this machine.',
      ),
  })
  .describe('Tasks from specifications and issues.');
const storeSchema = z
  .looseObject({
    url: z
      .string()
      .trim()
      .min(1)
      .max(2_000)
      .optional()
      .describe(
        'Address of the database: postgres://user@host:5432/database without a password, or env:NAME for that of an environment variable.',
      ),
    name: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/)
      .optional()
      .describe('Name of the store in the database. Default: default.'),
  })
  .describe(
    'PostgreSQL database that keeps the tasks instead of files. The store of a folder counts after a person confirmed it on this machine.',
  );

const promptSchema = z
  .looseObject({
    lessons: z
      .boolean()
      .optional()
      .describe(
        'Whether the first prompt of an agent has the section "## Lessons" of `.systemprompt/notes.md`, at most 4,000 characters. Default: false. The setting of a folder takes effect after a person confirms it on this machine.',
      ),
  })
  .describe('Additions to the prompts of agents.');

/** The policy for a task with a failed, cancelled or deleted dependency. Earlier versions wrote `go_on` for `ignore`. */
const dependencyPolicySchema = z.preprocess(
  (value) => (value === 'go_on' ? 'ignore' : value),
  z.enum(['block', 'cancel', 'ignore']),
);

export type DependencyPolicy = z.infer<typeof dependencyPolicySchema>;

const hookSchema = z.looseObject({
  on: z
    .array(z.enum(hookEvents))
    .min(1)
    .optional()
    .describe('Events: "completed", "failed", "needs_you" (a request, a question, a reached limit). Default: all.'),
  command: z
    .string()
    .trim()
    .min(1)
    .max(10_000)
    .describe('Shell command. It gets the event as JSON on standard input, and runs in the folder of the tasks.'),
  timeoutSeconds: z
    .number()
    .positive()
    .max(600)
    .optional()
    .describe('Seconds after which the command is killed. Default: 30.'),
});

export type Hook = z.infer<typeof hookSchema>;

/** `config.json`: of the machine (`~/.config/systemprompt`) and of the workspace (`.systemprompt`), which is shared. */
export const settingsSchema = z.looseObject({
  agents: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Agents by name. Agents of a folder run only after a person confirms them on this machine.'),
  worker: workerSchema.optional(),
  isolation: isolationSchema
    .optional()
    .describe(
      'Default isolation of tasks: "worktree" runs each task in its own git worktree if the folder is a repository, "none" runs it in the folder.',
    ),
  worktrees: worktreesSchema.optional(),
  checkpoints: checkpointsSchema.optional(),
  logs: logsSchema.optional(),
  budget: z
    .looseObject({ perDay: perDaySchema.optional() })
    .optional()
    .describe('Spending limits. A folder can lower the limits of the machine, but not raise them.'),
  archive: archiveSchema.optional(),
  plan: planSchema.optional(),
  store: storeSchema.optional(),
  prompt: promptSchema.optional(),
  onDependencyFailed: dependencyPolicySchema
    .optional()
    .describe(
      'What happens to a queued task when a dependency fails or is cancelled or deleted: "block" (default) waits for a person, "cancel" cancels the task, "ignore" ignores the dependency.',
    ),
  recovery: z
    .record(z.string().max(100), z.union([z.literal(true), recoveryRuleSchema]))
    .optional()
    .describe(
      'Recovery from task errors, by error code: a rule, or true for the built-in one (raise the limit by 1.5, ask a person about a refused tool, run a crashed agent again). Rules that raise limits take effect only in the configuration of the machine, not of a folder.',
    ),
  hooks: z
    .array(hookSchema)
    .max(20)
    .optional()
    .describe(
      'Commands that a worker runs on events of its tasks. Hooks of a folder run only after a person confirms them on this machine.',
    ),
  policy: z
    .enum(['ask', 'standard'])
    .optional()
    .describe(
      'Requests that need no approval. "ask", the default: none. "standard": looking at the folder, testing and checking it, changing sources, tests and docs, and commits in it; not: installing packages, files that hold secrets, manifests and build files, and files that git ignores. An agent under "standard" can run any code by way of a test. The policy of a folder counts after a person confirmed it.',
    ),
  rules: z
    .array(permissionRuleSchema)
    .max(500)
    .optional()
    .describe(
      'Actions that agents may take without asking, must not take, or must always ask about. "deny" overrides "ask", and "ask" overrides "allow". Actions without a rule are asked about.',
    ),
});

export type SettingsFile = z.infer<typeof settingsSchema>;
