import { z } from 'zod';
import { TaskError } from '../core/errors.ts';
import { aiToolSchema } from '../core/task/schema.ts';

/** One agent of a configuration: any program that speaks the Agent Client Protocol on its standard streams. */
const configuredAgentSchema = z.strictObject({
  /** A name on PATH, an absolute path, or a path from the workspace folder. */
  command: z.string().trim().min(1).max(4_096),
  args: z.array(z.string().max(32_768)).max(100).optional(),
  env: z.record(z.string().regex(/^[^=\0]+$/), z.string().max(32_768)).optional(),
  /** What the tokens in its answers count: those of a turn, of the session so far, or of the last call of the model. */
  tokens: z.enum(['turn', 'session', 'last_call']).optional(),
  title: z.string().trim().min(1).max(100).optional(),
});

/** `agents` of a configuration: by the name that tasks call them. A known name replaces the known agent. */
export const agentsConfigSchema = z.record(aiToolSchema, configuredAgentSchema);

export type AgentsConfig = z.infer<typeof agentsConfigSchema>;

/** @throws TaskError `InvalidInput` naming the agent and what is wrong with it */
export function parseAgentsConfig(value: unknown): AgentsConfig {
  const parsed = agentsConfigSchema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = ['agents', ...(issue?.path ?? [])].join('.');
  throw new TaskError(
    'InvalidInput',
    `The configured agents are not right: ${where}: ${issue?.message ?? 'invalid'}.`,
    {
      hint: 'Write them as { "NAME": { "command": "…", "args": ["…"], "env": { "X": "…" }, "title": "…" } }.',
      cause: parsed.error,
    },
  );
}
