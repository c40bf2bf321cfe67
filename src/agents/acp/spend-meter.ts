import { isDeepStrictEqual } from 'node:util';
import type { Usage } from '../../core/task/schema.ts';
import type { GuardedClient } from '../guarded-client.ts';
import { type Price, withEstimate } from '../price.ts';
import type { SpendRecord } from '../records/record.ts';
import type { RunRecord, RunSpend } from '../records/run-record.ts';
import { added, larger, noSpend, type Sums, sumOf } from '../records/sums.ts';
import type { Accounting } from './accounting.ts';
import type { Fields } from './wire.ts';

/** Milliseconds between two looks at the agent's own record while a turn runs. */
const LOOK_MS = 100;
/** Looks at a record that is behind at the end of a turn: ten times as long as an agent may take to write it. */
const LATE_LOOKS = 500;

/** A record of the calls of a run that the record of its session lacks; `missing` if the agent writes none. */
export type BesideRecord = RunRecord | 'missing' | undefined;

/**
 * The spend of a session since it was opened: the numbers that the agent reports, mostly at the end of a turn, and those
 * of its own record, which come with each call of the model. The larger sum counts, so that nothing is counted twice. Calls
 * that neither has are added from the record of the run.
 */
export class SpendMeter {
  /** The price of the session's model, to estimate a cost that the agent does not report. */
  price: Price | undefined;
  private readonly client: GuardedClient;
  private readonly accounting: Accounting;
  private readonly beside: BesideRecord;
  private record: SpendRecord | undefined;
  private before: Sums | undefined;
  private recorded: Sums | undefined;
  private ofRun: RunSpend | undefined;
  private reading: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private unfinished = false;
  private totalBefore = 0;

  constructor(client: GuardedClient, accounting: Accounting, beside?: BesideRecord) {
    this.client = client;
    this.accounting = accounting;
    this.beside = beside;
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
    const recorded = sumOf(await record?.read());
    // The known spend is more than the record if it has calls that the record lacks.
    this.before = spent === undefined ? recorded : smaller(sumsOfUsage(spent), recorded);
  }

  /** The spend so far; `estimated` if it is a lower bound, for example because a turn ended without its final count. */
  get usage(): Usage {
    const { estimated, ...reported } = this.accounting.usage;
    const own = larger(this.sinceOpened, this.ofRun?.recorded);
    const isRecorded = own !== undefined && own.total >= (reported.total_tokens ?? 0);
    const cost = maxOf(reported.cost_usd, own?.cost);
    const isLess = this.unfinished || this.isBehind || (estimated === true && !isRecorded);
    const usage = {
      ...reported,
      ...this.tokens,
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
    if (this.beside instanceof Object && this.isBehind) this.lookOn();
  }

  /** Takes the end of the record, which the agent may write when it exits. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.read();
    if (this.beside instanceof Object) await this.beside.dispose();
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
    const before = [this.recorded, this.ofRun];
    this.recorded = sumOf(await this.record?.read()) ?? this.recorded;
    if (this.beside instanceof Object) this.ofRun = await this.beside.read();
    if (!isDeepStrictEqual([this.recorded, this.ofRun], before)) this.client.usage(this.usage);
  }

  /** Waits in the background for calls of the turn that the agent has not written yet. */
  private lookOn(): void {
    let looks = 0;
    this.timer = setInterval(() => {
      looks += 1;
      if (looks >= LATE_LOOKS || !this.isBehind) clearInterval(this.timer);
      else void this.read();
    }, LOOK_MS).unref();
  }

  /** Tokens of the calls that the session's record or the agent's reports have. */
  private get known(): Sums | undefined {
    const { input_tokens: input = 0, output_tokens: output = 0, total_tokens: total } = this.accounting.usage;
    const reported = total === undefined ? undefined : { input, output, total, cost: undefined };
    return larger(larger(this.sinceOpened, this.ofRun?.recorded), reported);
  }

  /** True if calls may be missing: those of a run are written in their order, so that the last known one must be there. */
  private get isBehind(): boolean {
    return this.beside !== undefined && (this.known?.total ?? 0) > (this.ofRun?.recorded.total ?? 0);
  }

  private get tokens(): Pick<Usage, 'input_tokens' | 'output_tokens' | 'total_tokens'> {
    const { known, ofRun } = this;
    if (known === undefined && ofRun === undefined) return {};
    const { input, output, total } = added(known ?? noSpend, ofRun?.beside ?? noSpend);
    return { input_tokens: input, output_tokens: output, total_tokens: total };
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

function smaller(a: Sums, b: Sums | undefined): Sums {
  return b !== undefined && b.total < a.total ? b : a;
}

function maxOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.max(a, b);
}
