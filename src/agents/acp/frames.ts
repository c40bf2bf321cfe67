/** One line of an agent's standard output. */
export interface Frame {
  readonly text: string;
  /** Bytes of the line. */
  readonly bytes: number;
  /** True if the line exceeded the limit: `text` is only its beginning. */
  readonly oversized: boolean;
}

export const MAX_FRAME_BYTES = 32 * 1024 * 1024;
const OVERSIZED_HEAD_BYTES = 2_048;
const LINE_FEED = 0x0a;

/**
 * Splits a stream of bytes into the messages of the protocol, one per line. A line is decoded as a whole, so no
 * character is split; an oversized line is dropped while it arrives, so memory stays bounded.
 */
export class FrameSplitter {
  private chunks: Uint8Array[] = [];
  private bytes = 0;
  private readonly maxBytes: number;

  constructor(maxBytes: number = MAX_FRAME_BYTES) {
    this.maxBytes = maxBytes;
  }

  *push(chunk: Uint8Array): Generator<Frame, void, undefined> {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      this.take(chunk.subarray(start, end));
      start = end + 1;
      if (this.bytes > 0) yield this.finish();
    }
    this.take(chunk.subarray(start));
  }

  *flush(): Generator<Frame, void, undefined> {
    if (this.bytes > 0) yield this.finish();
  }

  private take(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const fits = this.bytes <= this.maxBytes;
    this.bytes += bytes.length;
    if (!fits) return;
    this.chunks.push(bytes);
    // Only the beginning of a line that is too long is kept, for the error message.
    if (this.bytes > this.maxBytes) this.chunks = [beginningOf(this.chunks)];
  }

  private finish(): Frame {
    const { chunks, bytes } = this;
    this.chunks = [];
    this.bytes = 0;
    const [only] = chunks;
    const whole =
      chunks.length === 1 && only !== undefined
        ? Buffer.from(only.buffer, only.byteOffset, only.length)
        : Buffer.concat(chunks);
    return { text: whole.toString('utf8').trim(), bytes, oversized: bytes > this.maxBytes };
  }
}

function beginningOf(chunks: readonly Uint8Array[]): Uint8Array {
  const beginning = new Uint8Array(OVERSIZED_HEAD_BYTES);
  let filled = 0;
  for (const chunk of chunks) {
    const part = chunk.subarray(0, OVERSIZED_HEAD_BYTES - filled);
    beginning.set(part, filled);
    filled += part.length;
  }
  return beginning.subarray(0, filled);
}
