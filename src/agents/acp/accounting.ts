import type { Usage } from '../../core/task/schema.ts';
import { amountOf, type Fields, fieldsOf } from './wire.ts';

/**
 * The scope of the token counts in a prompt response: the turn, the session so far, or only the last model call of the
 * turn, which is less than the spend.
 */
export type TokensCount = 'turn' | 'session' | 'last_call';

interface Tokens {
  readonly input: number;
  readonly output: number;
  readonly total: number;
}

/**
 * Sums the spend of a session since it was opened. Values that the agent does not report stay unknown; values known to be
 * too low are marked `estimated`. Context size (`usage_update`) is not spend.
 */
export class Accounting {
  private readonly count: TokensCount;
  private tokens: Tokens | undefined;
  private cost: number | undefined;
  /** The cost of a resumed session before it was opened here. */
  private costBefore: number;
  private context: { readonly used?: number; readonly size?: number } = {};
  private turns = 0;
  private reported = false;

  constructor(count: TokensCount) {
    this.count = count;
    this.costBefore = 0;
  }

  get usage(): Usage {
    return {
      ...(this.tokens === undefined
        ? {}
        : {
            input_tokens: this.tokens.input,
            output_tokens: this.tokens.output,
            total_tokens: this.tokens.total,
            ...(this.count === 'last_call' ? { estimated: true } : {}),
          }),
      ...(this.cost === undefined ? {} : { cost_usd: this.cost }),
      ...(this.turns === 0 ? {} : { iterations: this.turns }),
      ...(this.context.used === undefined ? {} : { context_tokens: this.context.used }),
      ...(this.context.size === undefined ? {} : { context_size: this.context.size }),
    };
  }

  /** A `usage_update`: the context size and the cost of the session so far. */
  update(update: Fields): void {
    const used = amountOf(update.used);
    const size = amountOf(update.size);
    this.context = { ...(used === undefined ? {} : { used }), ...(size === undefined ? {} : { size }) };
    const cost = fieldsOf(update.cost);
    const amount = amountOf(cost?.amount);
    if (amount === undefined || cost?.currency !== 'USD') return;
    if (this.turns === 0) this.costBefore = amount;
    else this.cost = Math.max(0, amount - this.costBefore);
  }

  /** Starts a turn. */
  prompted(): void {
    this.turns += 1;
  }

  /** True once the agent has reported tokens in this session. */
  get hasReported(): boolean {
    return this.reported;
  }

  /**
   * Counts the response to a prompt.
   *
   * @returns false if it has no tokens
   */
  responded(response: Fields): boolean {
    const usage = tokensOf(response);
    if (usage === undefined) return false;
    if (usage.total > 0) this.reported = true;
    const before = this.count === 'session' ? undefined : this.tokens;
    this.tokens = {
      input: (before?.input ?? 0) + usage.input,
      output: (before?.output ?? 0) + usage.output,
      total: (before?.total ?? 0) + usage.total,
    };
    return true;
  }
}

/** `usage` of the protocol's draft, or the place where Gemini CLI puts its count. */
function tokensOf(response: Fields): Tokens | undefined {
  const usage = fieldsOf(response.usage);
  const quota = fieldsOf(fieldsOf(fieldsOf(response._meta)?.quota)?.token_count);
  const output = amountOf(usage?.outputTokens) ?? amountOf(quota?.output_tokens);
  const fresh = amountOf(usage?.inputTokens) ?? amountOf(quota?.input_tokens);
  if (fresh === undefined && output === undefined) return undefined;
  // Reading from a cache is input, too, and paid for.
  const input = (fresh ?? 0) + (amountOf(usage?.cachedReadTokens) ?? 0) + (amountOf(usage?.cachedWriteTokens) ?? 0);
  const thought = amountOf(usage?.thoughtTokens) ?? 0;
  return {
    input,
    output: (output ?? 0) + thought,
    total: amountOf(usage?.totalTokens) ?? input + (output ?? 0) + thought,
  };
}
