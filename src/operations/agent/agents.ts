import { z } from 'zod';
import { approvalsModeSchema } from '../../core/task/approvals-mode.ts';
import type { WithAgents, WithConfirmation, WithSettings } from '../context.ts';
import { defineOperation } from '../operation.ts';

export const agentInfoSchema = z.object({
  name: z.string(),
  title: z.string(),
  kind: z.enum(['acp', 'shell']),
  /** The program, as found on PATH. */
  path: z.string().optional(),
  version: z.string().optional(),
  available: z.boolean(),
  /** Instructions to install it if it is not installed. */
  install: z.string().optional(),
  /** Abilities; a missing one is known only once a session is open. */
  capabilities: z.object({
    asks: z.boolean(),
    follow_ups: z.boolean(),
    resumes: z.boolean().optional(),
    models: z.boolean().optional(),
    usage: z.boolean().optional(),
    cost: z.boolean().optional(),
    tool_limits: z.boolean(),
  }),
  /** The decider of its requests, in tasks without their own. */
  approvals: approvalsModeSchema.optional(),
});

/**
 * Agents of the workspace's `config.json` are commands that came with the folder: they are listed by name, and run only
 * after a person on this machine confirms them, and again after each change. A confirmation names a digest of the
 * displayed agents, so that an intermediate change is refused. The rules are confirmed separately in the same way.
 */
export const agents = defineOperation('agents', {
  input: z.strictObject({
    confirm: z
      .array(z.string().regex(/^[0-9a-f]{64}$/, 'is not a digest that the list of agents shows'))
      .min(1)
      .max(3)
      .optional()
      .meta({ value: 'digest' })
      .describe(
        "Digest of agents, rules or settings in this folder's .systemprompt/config.json to allow on this machine. Fails if they have changed since they were shown.",
      ),
  }),
  output: z.object({
    agents: z.array(agentInfoSchema),
    /** Unconfirmed agents of the workspace. */
    unconfirmed: z.array(z.string()),
    /** The commands that they would run, by name. */
    commands: z.record(z.string(), z.string()),
    /** Unconfirmed rules of the workspace that allow without asking. */
    rules: z.array(z.string()),
    /** Unconfirmed settings of the workspace that permit more, such as merging without review. */
    settings: z.array(z.string()),
    /** Digests of the unconfirmed parts, to confirm exactly them. */
    digests: z.object({
      agents: z.string().optional(),
      rules: z.string().optional(),
      settings: z.string().optional(),
    }),
    /** The faults of the settings files. */
    problems: z.array(z.string()),
  }),
  positional: [],
  takesNothing: true,
  runsWith: ({ confirm }) => confirm !== undefined,
  async run(context: WithAgents & WithSettings & WithConfirmation, { confirm }) {
    if (confirm === undefined) await context.readSettings();
    else await context.confirmAgents(confirm);
    const {
      unconfirmed,
      unconfirmedCommands: commands = {},
      unconfirmedRules: rules = [],
      unconfirmedSettings: settings = [],
      unconfirmedDigests: digests = {},
      problems,
    } = context.settings;
    const found = await context.agents.list();
    return {
      agents: found,
      unconfirmed: [...unconfirmed],
      commands: { ...commands },
      rules: [...rules],
      settings: [...settings],
      digests: { ...digests },
      problems: [...problems],
    };
  },
});
