import { z } from 'zod';
import { TaskError } from '../core/errors.ts';
import { textStep } from '../core/next-step.ts';
import { approvalsModeSchema } from '../core/task/approvals-mode.ts';
import { aiToolSchema } from '../core/task/schema.ts';

const priceSchema = z.number().nonnegative().max(1e6);

/**
 * One agent of a configuration: any program that speaks the Agent Client Protocol on its standard streams. With the name of
 * a known agent, or one that it extends, it keeps everything known of that one which the entry does not replace.
 */
const configuredAgentSchema = z.strictObject({
  extends: aiToolSchema
    .optional()
    .describe(
      'Known agent that this one is, for example CLAUDECODE under a second account. Default: that of its name.',
    ),
  command: z
    .string()
    .trim()
    .min(1)
    .max(4_096)
    .optional()
    .describe(
      'Executable: a name on PATH, an absolute path, or a path relative to the folder. A known agent has a default.',
    ),
  args: z
    .array(z.string().max(32_768))
    .max(100)
    .optional()
    .describe('Arguments of the executable, one per entry. Default: those of the known agent.'),
  env: z
    .record(z.string().regex(/^[^=\0]+$/), z.string().max(32_768))
    .optional()
    .describe('Environment variables, added to those of the worker.'),
  tokens: z
    .enum(['turn', 'session', 'last_call'])
    .optional()
    .describe('What the token counts in its responses cover: the turn, the session so far, or the last model call.'),
  approvals: approvalsModeSchema
    .optional()
    .describe(
      'Who decides what the agent may do: it asks before each change and command (ask, the default), its own permission mode decides (agent), or no person is asked (none).',
    ),
  authMethod: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe(
      'Id of the method to log in with if the agent demands it, out of its "authMethods". Default: one that takes a key from the environment.',
    ),
  prices: z
    .record(
      z.string().min(1).max(200),
      z
        .strictObject({
          input: priceSchema.describe('US dollars per million input tokens, those from a cache included.'),
          output: priceSchema.describe('US dollars per million output tokens.'),
        })
        .describe('Price of one model.'),
    )
    .optional()
    .describe(
      'Prices in US dollars per million tokens, by model; "*" for every other model. Used to estimate the cost of an agent that reports none.',
    ),
  startSeconds: z
    .number()
    .positive()
    .max(3_600)
    .optional()
    .describe('Seconds until the agent must be ready for its first prompt. Default: 120.'),
  title: z.string().trim().min(1).max(100).optional().describe('Display name.'),
});

/** `agents` of a configuration: by the name that tasks call them. A known name extends the known agent. */
export const agentsConfigSchema = z.record(aiToolSchema, configuredAgentSchema);

export type AgentsConfig = z.infer<typeof agentsConfigSchema>;

/** @throws TaskError `InvalidInput` naming the agent and the problem */
export function parseAgentsConfig(value: unknown): AgentsConfig {
  // Most folders configure none, and building a schema takes longer than this.
  if (value === undefined || isEmptyObject(value)) return {};
  const parsed = agentsConfigSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = ['agents', ...(issue?.path ?? [])].join('.');
  throw new TaskError(
    'InvalidInput',
    `The configured agents are not right: ${where}: ${issue?.message ?? 'invalid'}.`,
    {
      next: [
        textStep('Write them as { "NAME": { "command": "…", "args": ["…"], "env": { "X": "…" }, "title": "…" } }.'),
      ],
      cause: parsed.error,
    },
  );
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}
