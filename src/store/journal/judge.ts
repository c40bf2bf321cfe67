import type { LogPosition } from '../ports.ts';
import { Acceptance } from './acceptance.ts';
import { type JournalLine, parseLine, type TransactionLine } from './lines.ts';

/** Receives every line in the order of the journal. */
export interface LineListener {
  /** The line counts. `foreign`: this store did not write it. */
  accepted(line: TransactionLine, foreign: boolean): void;
  /** @param at start of the line in the segment */
  verdict(tx: string, accepted: boolean, at: LogPosition): void;
  /** Whether the store wrote a line; without it, every line is the store's own. */
  vouchesFor?(text: string): boolean;
}

/** Reads the lines of one segment and decides which of them count. */
export class Judge {
  private readonly generation: number;
  private readonly listener: LineListener;
  private readonly acceptance: Acceptance;
  /** The process that ended the segment; undefined while it is open. */
  sealedBy: unknown;
  /** The name of the staging folder of this segment, once its first line was read. */
  staging: string | undefined;

  constructor(generation: number, listener: LineListener) {
    this.generation = generation;
    this.listener = listener;
    this.acceptance = new Acceptance(generation);
  }

  get sealed(): boolean {
    return this.acceptance.sealed;
  }

  /** Tasks that this segment has changed so far. */
  touched(): string[] {
    return [...this.acceptance.touched()];
  }

  /** Whether this segment alone can bring a task back. */
  hasAllOf(id: string): boolean {
    return this.acceptance.hasAllOf(id);
  }

  /** @param text undefined for a line that is too long to be one of ours */
  line(text: string | undefined, position: number): void {
    const line: JournalLine | undefined = text === undefined ? undefined : parseLine(text);
    // A torn, foreign or newer line does not count.
    if (line === undefined) return;
    if ('seal' in line) {
      // A seal of another segment comes from a process that was overtaken between its decision and its append.
      if (line.seal !== this.generation || this.sealed) return;
      this.acceptance.seal(position);
      this.sealedBy = line.by;
    } else if ('begin' in line) {
      if (line.begin === this.generation) this.staging ??= line.staging;
    } else {
      const accepted = this.acceptance.accepts(line, position);
      if (accepted) this.listener.accepted(line, this.listener.vouchesFor?.(text ?? '') === false);
      this.listener.verdict(line.tx, accepted, { gen: this.generation, after: position });
    }
  }
}
