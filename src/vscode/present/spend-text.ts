import { type Precision, precisionOf } from '../../core/policy/precision.ts';
import type { Usage } from '../../core/task/schema.ts';
import { l10n } from './l10n.ts';

/** Tokens and cost of a task or an execution, with their precision; undefined if the agent reports none. */
export function spendTexts(usage: Usage | undefined): { tokens: string | undefined; cost: string | undefined } {
  const { total_tokens: tokens, cost_usd: cost } = usage ?? {};
  return {
    tokens: tokens === undefined ? undefined : tokensText(tokens, precisionOf('tokens', usage)),
    cost: cost === undefined ? undefined : costText(cost, precisionOf('cost', usage)),
  };
}

export function tokensText(tokens: number, precision: Precision): string {
  return precise(tokens.toLocaleString('en'), precision);
}

/** An amount in US dollars. */
export function costText(cost: number, precision: Precision): string {
  return precise(`$${cost.toFixed(2)}`, precision);
}

function precise(amount: string, precision: Precision): string {
  if (precision === 'estimate') return l10n.t('about {0}, estimated', amount);
  return precision === 'exact' ? amount : l10n.t('at least {0}', amount);
}
