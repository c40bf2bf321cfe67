import { z } from 'zod';
import { defineOperation } from './operation.ts';

export const agentInfoSchema = z.object({
  name: z.string(),
  title: z.string(),
  kind: z.enum(['acp', 'shell']),
  /** The program, as found on PATH. */
  path: z.string().optional(),
  version: z.string().optional(),
  available: z.boolean(),
  /** How to get it, when it is not there. */
  install: z.string().optional(),
});

export const agents = defineOperation({
  name: 'agents',
  summary: 'List the agents that can do tasks, and which of them are installed.',
  input: z.strictObject({}),
  output: z.object({ agents: z.array(agentInfoSchema) }),
  positional: [],
  effect: 'read',
  async run(context) {
    return { agents: await context.agents.list() };
  },
});
