import { NEWLINE } from './lines.ts';

/** Bytes of the first allocation, which fits a few lines. */
const FIRST = 1_024;
/** A UTF-16 unit takes at most this many bytes in UTF-8. */
const UNIT_BYTES = 3;

/**
 * Lines as UTF-8 bytes. Each line is encoded when it is added: joining the texts of a batch first and encoding them
 * afterwards takes three times as long.
 */
export class LineBuffer {
  private bytes = Buffer.allocUnsafe(FIRST);
  private used = 0;
  private lines = 0;

  get length(): number {
    return this.used;
  }

  /** Adds a line that consists of two texts without line breaks. */
  add(start: string, end: string): void {
    this.reserve((start.length + end.length) * UNIT_BYTES + 1);
    if (start !== '') this.used += this.bytes.write(start, this.used);
    this.used += this.bytes.write(end, this.used);
    this.bytes[this.used] = NEWLINE;
    this.used += 1;
    this.lines += 1;
  }

  /** The lines, of which the buffer keeps none. */
  take(): { bytes: Buffer; lines: number } {
    const taken = { bytes: this.bytes.subarray(0, this.used), lines: this.lines };
    // A flood needs as much space for its next lines; growing copies them.
    this.bytes = Buffer.allocUnsafe(this.used * UNIT_BYTES > this.bytes.length ? this.bytes.length : FIRST);
    this.used = 0;
    this.lines = 0;
    return taken;
  }

  private reserve(more: number): void {
    const needed = this.used + more;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.used);
    this.bytes = larger;
  }
}
