import type { ErrorCode } from '../errors.ts';

export const budgetKinds = ['tokens', 'cost', 'minutes', 'iterations'] as const;
export type BudgetKind = (typeof budgetKinds)[number];

interface LimitNames {
  /** Key in the constraints of a task, as in the original specification. */
  readonly constraint: 'max_tokens' | 'max_cost_usd' | 'max_duration_minutes' | 'max_iterations';
  /** Key in the input of operations; the command line writes it with hyphens. */
  readonly option: 'budgetTokens' | 'budgetCost' | 'budgetMinutes' | 'maxIterations';
  /** Key of the limit of a day, `budget.perDay` in `config.json`. */
  readonly perDay: 'tokens' | 'costUsd' | 'minutes' | 'iterations';
  /** Code of the error when the limit is reached. */
  readonly code: ErrorCode;
}

/** The name of each limit in every layer. All other code reads this table. */
export const limitNames = {
  tokens: { constraint: 'max_tokens', option: 'budgetTokens', perDay: 'tokens', code: 'TokenLimitExceeded' },
  cost: { constraint: 'max_cost_usd', option: 'budgetCost', perDay: 'costUsd', code: 'CostLimitExceeded' },
  minutes: {
    constraint: 'max_duration_minutes',
    option: 'budgetMinutes',
    perDay: 'minutes',
    code: 'TimeLimitExceeded',
  },
  iterations: {
    constraint: 'max_iterations',
    option: 'maxIterations',
    perDay: 'iterations',
    code: 'IterationLimitExceeded',
  },
} as const satisfies Readonly<Record<BudgetKind, LimitNames>>;

/** The limit with this error code, or undefined for the code of another error. */
export function limitWithCode(code: string): LimitNames | undefined {
  return Object.values(limitNames).find((names) => names.code === code);
}
