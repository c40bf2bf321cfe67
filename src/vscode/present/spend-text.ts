import { type Precision, precisionOf } from '../../core/policy/precision.ts';
import type { Usage } from '../../core/task/schema.ts';
import { l10n } from './l10n.ts';

/** Tokens and cost of a task or an execution, with their precision; undefined if the agent reports none. */
export function spendTexts(usage: Usage | undefined): { tokens: string | undefined; cost: string | undefined } {
  const { total_tokens: tokens, cost_usd: cost } = usage ?? {};
  return {
    tokens: tokens === undefined ? undefined : precise(tokens.toLocaleString('en'), precisionOf('tokens', usage)),
    cost: cost === undefined ? undefined : precise(`$${cost.toFixed(2)}`, precisionOf('cost', usage)),
  };
}

function precise(amount: string, precision: Precision): string {
  if (precision === 'estimate') return l10n.t('about {0}, estimated', amount);
  return precision === 'exact' ? amount : l10n.t('at least {0}', amount);
}
