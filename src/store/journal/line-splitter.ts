const NEWLINE = 10;

/** A longer line is foreign: it is neither buffered nor written. */
export const MAX_LINE = 64 * 1024 * 1024;

/** Splits the bytes of a segment into lines, identically in every process. */
export class LineSplitter {
  /** Bytes up to the end of the last whole line. */
  position = 0;
  private parts: Buffer[] = [];
  private held = 0;
  private tooLong = false;

  /** Bytes after the last whole line. */
  get pending(): number {
    return this.held;
  }

  /** Calls back for each complete line with its start byte; the text of a line over the limit is undefined. */
  feed(chunk: Buffer, line: (text: string | undefined, start: number) => void): void {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      this.hold(chunk.subarray(from, end));
      this.finish(line);
      from = end + 1;
    }
    // A copy: the chunk is a part of a larger buffer, which would be kept from being freed.
    if (from < chunk.length) this.hold(Buffer.from(chunk.subarray(from)));
  }

  private hold(part: Buffer): void {
    this.held += part.length;
    this.tooLong ||= this.held > MAX_LINE;
    if (this.tooLong) this.parts = [];
    else if (part.length > 0) this.parts.push(part);
  }

  private finish(line: (text: string | undefined, start: number) => void): void {
    const { position, held, parts, tooLong } = this;
    this.position += held + 1;
    this.parts = [];
    this.held = 0;
    this.tooLong = false;
    if (held === 0) return;
    const [only] = parts;
    const bytes = parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
    line(tooLong ? undefined : bytes.toString('utf8'), position);
  }
}
