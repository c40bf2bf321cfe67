import { open } from 'node:fs/promises';
import { FrameSplitter } from '../acp/frames.ts';
import { type Fields, fieldsOf } from '../acp/wire.ts';
import { regularFile } from './places.ts';
import { MAX_CALLS, type ModelCall, type SpendRecord } from './record.ts';

const CHUNK_BYTES = 1 << 18;
/** A longer line is skipped: a call's numbers are in short ones. */
const MAX_LINE_BYTES = 1 << 24;

interface LinesRecordOptions {
  /** The files of the session as they are now. */
  readonly locate: () => Promise<readonly string[]>;
  /** A text that every line with a call has, so that other lines are not parsed. */
  readonly marker: string;
  readonly callOf: (line: Fields) => ModelCall | undefined;
}

/** A record in files of JSON lines that only grow. */
export class LinesRecord implements SpendRecord {
  private readonly options: LinesRecordOptions;
  private readonly tails = new Map<string, Tail>();
  private readonly calls = new Map<string, ModelCall>();

  constructor(options: LinesRecordOptions) {
    this.options = options;
  }

  async read(): Promise<ReadonlyMap<string, ModelCall> | undefined> {
    const paths = await this.options.locate().catch(() => []);
    for (const path of paths) {
      const tail = this.tails.get(path) ?? new Tail(path);
      this.tails.set(path, tail);
      await tail.read((line) => this.take(line)).catch(() => {});
    }
    return this.tails.size === 0 ? undefined : this.calls;
  }

  private take(line: string): void {
    if (!line.includes(this.options.marker)) return;
    const call = parsed(line, this.options.callOf);
    if (call !== undefined && (this.calls.size < MAX_CALLS || this.calls.has(call.id))) this.calls.set(call.id, call);
  }
}

function parsed(line: string, callOf: LinesRecordOptions['callOf']): ModelCall | undefined {
  try {
    const fields = fieldsOf(JSON.parse(line));
    return fields === undefined ? undefined : callOf(fields);
  } catch {
    return undefined; // a line that the agent was killed in, or another format
  }
}

/** The end of a growing file. */
class Tail {
  private readonly path: string;
  private position = 0;
  private splitter = new FrameSplitter(MAX_LINE_BYTES);

  constructor(path: string) {
    this.path = path;
  }

  /** Passes on each line that was completed since the last call. */
  async read(take: (line: string) => void): Promise<void> {
    const { size } = await regularFile(this.path);
    if (size < this.position) this.rewind();
    if (size === this.position) return;
    const file = await open(this.path, 'r');
    try {
      while (this.position < size) {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, this.position);
        if (bytesRead === 0) return;
        this.position += bytesRead;
        for (const { text, oversized } of this.splitter.push(buffer.subarray(0, bytesRead))) if (!oversized) take(text);
      }
    } finally {
      await file.close();
    }
  }

  /** The agent has rewritten the file. Its calls keep their ids. */
  private rewind(): void {
    this.position = 0;
    this.splitter = new FrameSplitter(MAX_LINE_BYTES);
  }
}
