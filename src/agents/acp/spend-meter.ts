import type { Usage } from '../../core/task/schema.ts';
import type { GuardedClient } from '../guarded-client.ts';
import { type Price, withEstimate } from '../price.ts';
import type { SpendRecord } from '../records/record.ts';
import { type Sums, sumOf } from '../records/sums.ts';
import type { Accounting } from './accounting.ts';
import type { Fields } from './wire.ts';

/** Milliseconds between two looks at the agent's own record while a turn runs. */
const LOOK_MS = 100;

/**
 * The spend of a session since it was opened: the numbers that the agent reports, mostly at the end of a turn, and those
 * of its own record, which come with each call of the model. The larger sum counts, so that nothing is counted twice.
 */
export class SpendMeter {
  /** The price of the session's model, to estimate a cost that the agent does not report. */
  price: Price | undefined;
  private readonly client: GuardedClient;
  private readonly accounting: Accounting;
  private record: SpendRecord | undefined;
  private before: Sums | undefined;
  private recorded: Sums | undefined;
  private reading: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private unfinished = false;
  private totalBefore = 0;

  constructor(client: GuardedClient, accounting: Accounting) {
    this.client = client;
    this.accounting = accounting;
  }

  /**
   * Begins to count a session.
   *
   * @param spent the spend that is known of a resumed session; the record has more of it if a turn did not end. Undefined
   * if it is not known: then the record is counted from here on.
   */
  async open(record: SpendRecord | undefined, resumed: boolean, spent: Usage | undefined): Promise<void> {
    this.record = record;
    if (!resumed) return;
    this.before = spent === undefined ? sumOf(await record?.read()) : sumsOfUsage(spent);
  }

  /** The spend so far; `estimated` if a turn ended without its final count. */
  get usage(): Usage {
    const { estimated, ...reported } = this.accounting.usage;
    const own = this.sinceOpened;
    const cost = maxOf(reported.cost_usd, own?.cost);
    const isRecorded = own !== undefined && own.total >= (reported.total_tokens ?? 0);
    const isLess = this.unfinished || (estimated === true && !isRecorded);
    const usage = {
      ...reported,
      ...(isRecorded ? { input_tokens: own.input, output_tokens: own.output, total_tokens: own.total } : {}),
      ...(cost === undefined ? {} : { cost_usd: cost }),
      ...(isLess ? { estimated: true } : {}),
    };
    return withEstimate(usage, this.price);
  }

  /** Tokens of the running or the last turn. */
  get ofTurn(): number {
    return (this.usage.total_tokens ?? 0) - this.totalBefore;
  }

  /** Takes a `usage_update`. */
  update(update: Fields): void {
    this.accounting.update(update);
  }

  beginTurn(): void {
    this.totalBefore = this.usage.total_tokens ?? 0;
    this.accounting.prompted();
    clearInterval(this.timer);
    if (this.record !== undefined) this.timer = setInterval(() => void this.read(), LOOK_MS).unref();
  }

  /** @param counted true if the agent has reported the turn to its end */
  async endTurn(counted: boolean): Promise<void> {
    clearInterval(this.timer);
    if (!counted) this.unfinished = true;
    await this.read();
    this.client.usage(this.usage);
  }

  /** Reports what the record has more than before. Resolves when the client knows it. */
  async read(): Promise<void> {
    const { reading } = this;
    // A read that is under way may have passed what was written meanwhile.
    await reading;
    this.reading ??= this.readOnce().finally(() => {
      this.reading = undefined;
    });
    await this.reading;
  }

  private async readOnce(): Promise<void> {
    const sums = sumOf(await this.record?.read());
    if (sums === undefined || (sums.total === this.recorded?.total && sums.cost === this.recorded.cost)) return;
    this.recorded = sums;
    this.client.usage(this.usage);
  }

  private get sinceOpened(): Sums | undefined {
    const { recorded, before } = this;
    if (recorded === undefined || before === undefined) return recorded;
    return {
      input: Math.max(0, recorded.input - before.input),
      output: Math.max(0, recorded.output - before.output),
      total: Math.max(0, recorded.total - before.total),
      cost: recorded.cost === undefined ? undefined : Math.max(0, recorded.cost - (before.cost ?? 0)),
    };
  }
}

function sumsOfUsage(usage: Usage): Sums {
  const { input_tokens: input = 0, output_tokens: output = 0, total_tokens: total = 0, cost_usd: cost } = usage;
  return { input, output, total, cost };
}

function maxOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.max(a, b);
}
