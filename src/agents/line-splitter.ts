import { StringDecoder } from 'node:string_decoder';

/** A line, or a part of a line that is too long for one log entry. */
export interface LinePart {
  readonly text: string;
  /** True if the line continues in the next part. */
  readonly continued: boolean;
}

export const MAX_LINE_BYTES = 64 * 1024;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Splits a stream of bytes into lines of UTF-8 text. Characters split between two chunks stay whole; a line over the
 * limit is delivered in parts, so that no output is lost and at most one part is buffered.
 */
export class LineSplitter {
  private readonly decoder = new StringDecoder('utf8');
  private parts: string[] = [];
  private bytes = 0;
  private readonly maxBytes: number;

  constructor(maxBytes: number = MAX_LINE_BYTES) {
    this.maxBytes = maxBytes;
  }

  /** The lines and parts that a chunk completes. */
  *push(chunk: Uint8Array): Generator<LinePart, void, undefined> {
    let start = 0;
    while (start < chunk.length) {
      // Emitted only once more of the line is available, so that a continued part always has a successor.
      if (this.bytes >= this.maxBytes && chunk[start] !== LINE_FEED) yield { text: this.drain(), continued: true };
      const lineFeed = chunk.indexOf(LINE_FEED, start);
      const cut = Math.min(lineFeed === -1 ? chunk.length : lineFeed, start + this.maxBytes - this.bytes);
      this.take(chunk.subarray(start, cut));
      if (cut === lineFeed) yield { text: this.finish(), continued: false };
      start = cut === lineFeed ? lineFeed + 1 : cut;
    }
  }

  /** The rest of the stream: a last line without a line feed. */
  *flush(): Generator<LinePart, void, undefined> {
    if (this.bytes > 0) yield { text: this.finish(), continued: false };
  }

  private take(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.parts.push(this.decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
    this.bytes += bytes.length;
  }

  private drain(): string {
    const text = this.parts.length === 1 ? (this.parts[0] ?? '') : this.parts.join('');
    this.parts = [];
    this.bytes = 0;
    return text;
  }

  private finish(): string {
    this.parts.push(this.decoder.end());
    const text = this.drain();
    return text.charCodeAt(text.length - 1) === CARRIAGE_RETURN ? text.slice(0, -1) : text;
  }
}
