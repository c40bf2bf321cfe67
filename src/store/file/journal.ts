import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { TaskError } from '../../core/errors.ts';
import { Acceptance, type JournalLine, parseLine, type TransactionLine } from './acceptance.ts';
import { errorCode, type FileSystem, isMissing, syncFolder } from './file-system.ts';
import { generationOf, type Layout, segmentFile, stagingFolder } from './layout.ts';

/** A journal line that counts, handed over in order. */
export interface JournalListener {
  accepted(line: TransactionLine): void;
  /** A line of an own batch was judged. */
  verdict(tx: string, accepted: boolean): void;
  /** The segment has ended; `touched` are the tasks that it changed. */
  sealed(generation: number, touched: readonly string[]): void;
}

const CHUNK = 1 << 20;
const NEWLINE = 10;
// Not `a+`: that would create a segment that was compacted away meanwhile.
const { O_APPEND, O_RDWR } = constants;

/**
 * The changes of a store in order, in segments that are only ever appended to. A writer appends its batch with one
 * write and one sync, then reads the journal on to where its lines are and learns which of them count; nobody holds a
 * lock, so nobody can leave one behind. A segment ends with a seal; what comes after the seal does not count.
 */
export class Journal {
  private readonly fs: FileSystem;
  private readonly layout: Layout;
  private readonly listener: JournalListener;
  private handle: FileHandle | undefined;
  private acceptance = new Acceptance(0);
  private position = 0;
  /** Why the segment could only be opened for reading. */
  private refusal: unknown;
  private remainder: Buffer = Buffer.alloc(0);
  generation = 0;
  /** Lines that could not be understood, since the journal was opened. */
  badLines = 0;

  constructor(fs: FileSystem, layout: Layout, listener: JournalListener) {
    this.fs = fs;
    this.layout = layout;
    this.listener = listener;
  }

  get isOpen(): boolean {
    return this.handle !== undefined;
  }

  /** Bytes of the current segment that were read. */
  get size(): number {
    return this.position;
  }

  /** Tasks that the current segment changed so far. */
  touched(): string[] {
    return [...this.acceptance.touched()];
  }

  /** Segments that are there, oldest first; none when there is no journal yet. */
  async segments(): Promise<number[]> {
    try {
      const names = await this.fs.readdir(this.layout.journal);
      return names
        .map(generationOf)
        .filter((n): n is number => n !== undefined)
        .sort((a, b) => a - b);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  /** Opens a segment to read it from its beginning. @returns false when it is not there */
  async openSegment(generation: number, writable: boolean, create = false): Promise<boolean> {
    const file = segmentFile(this.layout, generation);
    let handle: FileHandle;
    this.refusal = undefined;
    try {
      handle = await this.fs.open(file, create ? 'a+' : writable ? O_RDWR | O_APPEND : 'r');
    } catch (error) {
      if (isMissing(error)) return false;
      if (create || !writable || !isRefusal(error)) throw error;
      this.refusal = error;
      handle = await this.fs.open(file, 'r');
    }
    await this.close();
    this.handle = handle;
    this.generation = generation;
    this.acceptance = new Acceptance(generation);
    this.position = 0;
    this.remainder = Buffer.alloc(0);
    return true;
  }

  /** Makes the next segment and its staging folder, so that they are there before the seal that leads to it. */
  async createSegment(generation: number): Promise<void> {
    await this.fs.mkdir(stagingFolder(this.layout, generation), { recursive: true });
    const handle = await this.fs.open(segmentFile(this.layout, generation), 'a');
    await handle.close();
    await syncFolder(this.fs, this.layout.journal);
  }

  /**
   * Appends lines and makes them durable; then reads on to where they are. The listener has their verdicts afterwards.
   *
   * @throws TaskError `StoreNotWritable` when the disk refuses; lines that got in whole are still judged.
   */
  async append(lines: readonly object[]): Promise<void> {
    const handle = this.opened();
    if (this.refusal !== undefined) throw notWritable(this.refusal);
    const buffer = Buffer.from(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
    try {
      for (let written = 0; written < buffer.length; ) {
        // An append-mode handle writes at the end of the file, as one piece.
        written += (await handle.write(buffer, written, buffer.length - written)).bytesWritten;
      }
      await handle.datasync();
    } catch (error) {
      await this.read();
      throw notWritable(error);
    }
    await this.read();
  }

  /** Reads what was appended since, by anyone, through as many segments as there are. @returns false: start over */
  async read(): Promise<boolean> {
    for (;;) {
      await this.readSegment();
      if (!this.acceptance.sealed) return true;
      const ended = this.generation;
      this.listener.sealed(ended, this.touched());
      if (!(await this.openNext(ended))) return false;
    }
  }

  /**
   * Ends the current segment if it has grown over `bytes`: makes the next one, then seals this one. Two processes that
   * do so at once seal it once; the second seal stands after the first and counts no more.
   */
  async sealIfOver(bytes: number): Promise<void> {
    if (!(await this.read()) || this.position <= bytes) return;
    await this.createSegment(this.generation + 1);
    await this.append([{ v: 1, seal: this.generation }]);
  }

  /** @returns false when the next segment was compacted away already */
  private async openNext(ended: number): Promise<boolean> {
    if (await this.openSegment(ended + 1, true)) return true;
    if ((await this.segments()).some((generation) => generation > ended)) return false;
    // The next segment is there before the seal; whoever removed it by hand must not bring everything to a stop.
    await this.createSegment(ended + 1);
    return this.openSegment(ended + 1, true);
  }

  async close(): Promise<void> {
    const handle = this.handle;
    this.handle = undefined;
    await handle?.close();
  }

  private opened(): FileHandle {
    if (this.handle === undefined) throw new TaskError('StoreClosed', 'The store is closed.');
    return this.handle;
  }

  private async readSegment(): Promise<void> {
    const handle = this.opened();
    for (;;) {
      const buffer = Buffer.allocUnsafe(await this.chunkSize(handle));
      const offset = this.position + this.remainder.length;
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
      if (bytesRead === 0) return;
      this.take(buffer.subarray(0, bytesRead));
    }
  }

  private async chunkSize(handle: FileHandle): Promise<number> {
    const left = (await handle.stat()).size - this.position - this.remainder.length;
    return Math.min(Math.max(left, 1), CHUNK);
  }

  private take(chunk: Buffer): void {
    const data = this.remainder.length === 0 ? chunk : Buffer.concat([this.remainder, chunk]);
    let start = 0;
    for (let end = data.indexOf(NEWLINE); end >= 0; end = data.indexOf(NEWLINE, start)) {
      if (end > start) this.judge(data.toString('utf8', start, end), this.position + start);
      start = end + 1;
    }
    this.position += start;
    this.remainder = Buffer.from(data.subarray(start));
  }

  private judge(text: string, position: number): void {
    const line: JournalLine | undefined = parseLine(text);
    if (line === undefined) {
      this.badLines += 1;
    } else if ('seal' in line) {
      // A seal for another segment comes from a process that was overtaken between its decision and its append.
      if (line.seal === this.generation) this.acceptance.seal(position);
    } else {
      const accepted = this.acceptance.accepts(line, position);
      if (accepted) this.listener.accepted(line);
      this.listener.verdict(line.tx, accepted);
    }
  }
}

function isRefusal(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'EROFS'].includes(errorCode(error) ?? '');
}

/** Wraps a refusal of the disk into words. */
export function notWritable(error: unknown): TaskError {
  if (error instanceof TaskError) return error;
  const code = errorCode(error);
  const why =
    code === 'ENOSPC' || code === 'EDQUOT'
      ? 'the disk is full'
      : code === 'EROFS' || code === 'EACCES' || code === 'EPERM'
        ? 'the folder cannot be written'
        : (error as Error).message;
  return new TaskError('StoreNotWritable', `The change was not kept: ${why}.`, {
    hint:
      code === 'ENOSPC' || code === 'EDQUOT' ? 'Make room and try again.' : 'Check the permissions of .systemprompt.',
    cause: error,
  });
}
