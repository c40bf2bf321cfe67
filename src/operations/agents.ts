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

/**
 * Agents of the workspace's `config.json` are commands that came with the folder: they are listed by name and not run
 * until a person on this machine confirms them, and again after each change of them.
 */
export const agents = defineOperation({
  name: 'agents',
  summary: 'List the agents that can do tasks, and which of them are installed.',
  input: z.strictObject({
    confirm: z
      .boolean()
      .optional()
      .describe(
        "Let the agents of this folder's .systemprompt/config.json be run on this machine, and what it allows count.",
      ),
  }),
  output: z.object({
    agents: z.array(agentInfoSchema),
    /** Agents of the workspace that nobody has confirmed yet. */
    unconfirmed: z.array(z.string()),
    /** What they would run, by name. */
    commands: z.record(z.string(), z.string()),
    /** What the workspace would allow without asking, which nobody has confirmed yet. */
    rules: z.array(z.string()),
    /** What is wrong with the files of settings, in words. */
    problems: z.array(z.string()),
  }),
  positional: [],
  effect: 'read',
  runsWith: ({ confirm }) => confirm === true,
  async run(context, { confirm }) {
    if (confirm === true) await context.confirmAgents();
    const {
      unconfirmed,
      unconfirmedCommands: commands = {},
      unconfirmedRules: rules = [],
      problems,
    } = context.settings;
    const found = await context.agents.list();
    return {
      agents: found,
      unconfirmed: [...unconfirmed],
      commands: { ...commands },
      rules: [...rules],
      problems: [...problems],
    };
  },
});
