import type { ErrorCode } from '../errors.ts';

export const budgetKinds = ['tokens', 'cost', 'minutes', 'iterations'] as const;
export type BudgetKind = (typeof budgetKinds)[number];

interface LimitNames {
  /** Key in the constraints of a task, as in the original specification. */
  readonly constraint: 'max_tokens' | 'max_cost_usd' | 'max_duration_minutes' | 'max_iterations';
  /** Key in the input of operations; the command line writes it with hyphens. */
  readonly option: 'budgetTokens' | 'budgetCost' | 'budgetMinutes' | 'maxIterations';
  /** Key in the limits of the library. */
  readonly library: 'maxTokens' | 'maxCostUsd' | 'maxDurationMinutes' | 'maxIterations';
  /** Key of the limit of a day, `budget.perDay` in `config.json`. */
  readonly perDay: 'tokens' | 'costUsd' | 'minutes' | 'iterations';
  /** Code of the error when the limit is reached. */
  readonly code: ErrorCode;
}

/** The name of each limit in every layer. All other code reads this table. */
export const limitNames = {
  tokens: {
    constraint: 'max_tokens',
    option: 'budgetTokens',
    library: 'maxTokens',
    perDay: 'tokens',
    code: 'TokenLimitExceeded',
  },
  cost: {
    constraint: 'max_cost_usd',
    option: 'budgetCost',
    library: 'maxCostUsd',
    perDay: 'costUsd',
    code: 'CostLimitExceeded',
  },
  minutes: {
    constraint: 'max_duration_minutes',
    option: 'budgetMinutes',
    library: 'maxDurationMinutes',
    perDay: 'minutes',
    code: 'TimeLimitExceeded',
  },
  iterations: {
    constraint: 'max_iterations',
    option: 'maxIterations',
    library: 'maxIterations',
    perDay: 'iterations',
    code: 'IterationLimitExceeded',
  },
} as const satisfies Readonly<Record<BudgetKind, LimitNames>>;

/** Keys of limits in the constraints of a task. */
export type LimitedKey = LimitNames['constraint'];

type Layer = 'constraint' | 'option' | 'library';
type Limits<L extends Layer> = { readonly [K in BudgetKind as (typeof limitNames)[K][L]]?: number | undefined };

/** The limits of a task by the names of another layer; other keys and missing limits are left out. */
export function renameLimits<From extends Layer, To extends Layer>(
  limits: Limits<From>,
  from: From,
  to: To,
): Limits<To> {
  const given: Readonly<Record<string, number | undefined>> = limits;
  const named = Object.values(limitNames).map((names) => [names[to], given[names[from]]] as const);
  return Object.fromEntries(named.filter(([, value]) => value !== undefined)) as Limits<To>;
}

/** The limit with this error code, or undefined for the code of another error. */
export function limitWithCode(code: string): LimitNames | undefined {
  return Object.values(limitNames).find((names) => names.code === code);
}
