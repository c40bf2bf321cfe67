import { z } from 'zod';

export const recoveryRuleSchema = z.looseObject({
  action: z
    .enum(['retry', 'raise_budget', 'request_human_approval'])
    .describe('Retry the task, raise the limit and resume, or ask a person whether to resume.'),
  factor: z.number().min(1.01).max(10).optional().describe('Factor by which a limit is raised. Default: 1.5.'),
  times: z.number().int().min(1).max(10).optional().describe('Maximum number of attempts per task. Default: 3.'),
});

export type RecoveryRule = z.infer<typeof recoveryRuleSchema>;

/** The built-in rule for `true` in the settings, by error code. */
export const builtInRecovery: Readonly<Record<string, RecoveryRule>> = {
  TokenLimitExceeded: { action: 'raise_budget', factor: 1.5 },
  CostLimitExceeded: { action: 'raise_budget', factor: 1.5 },
  TimeLimitExceeded: { action: 'raise_budget', factor: 1.5 },
  IterationLimitExceeded: { action: 'raise_budget', factor: 1.5 },
  ToolPermissionDenied: { action: 'request_human_approval' },
  AgentCrashed: { action: 'retry' },
};
