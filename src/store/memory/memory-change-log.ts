import { Judge, type LineListener } from '../journal/judge.ts';
import type { Appended, ChangeLog, LogPosition, Reading } from '../ports.ts';

const GENERATION = 1;

/** A change log of one process: one segment that never ends, and no lines are kept. */
export class MemoryChangeLog implements ChangeLog {
  readonly isBegun = true;
  private readonly judge: Judge;
  private count = 0;

  constructor(listener: LineListener) {
    this.judge = new Judge(GENERATION, listener);
  }

  get position(): LogPosition {
    return { gen: GENERATION, after: this.count };
  }

  async exists(): Promise<boolean> {
    return true;
  }

  async begin(): Promise<boolean> {
    return true;
  }

  async append(lines: readonly string[]): Promise<Appended> {
    for (const line of lines) {
      this.judge.line(line, this.count);
      this.count += 1;
    }
    return { durable: true, failure: undefined, gone: false };
  }

  async read(): Promise<Reading> {
    return 'whole';
  }

  grown(): void {}

  watch(): void {}

  stop(): void {}

  async idle(): Promise<void> {}

  async close(): Promise<void> {}
}
