import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { TaskError } from '../../../core/errors.ts';
import { Judge, type LineListener } from '../../journal/judge.ts';
import { LineSplitter } from '../../journal/line-splitter.ts';
import type { Appended, Reading } from '../../ports.ts';
import { isRefusal, notKnown, notWritable } from '../../storage-errors.ts';
import type { DiskFile } from '../disk/disk-file.ts';
import { type FileSystem, isMissing, makeFolder, syncFolder } from '../disk/file-system.ts';
import { generationOf, type Layout, segmentFile, stagingFolder } from '../disk/layout.ts';
import type { Provenance } from '../disk/provenance.ts';
import { readStateFile } from './state-file.ts';

/** Receives every line, and the ends of segments. */
export interface JournalListener extends LineListener {
  /** The segment has ended. `touched`: the tasks that it changed. `here`: this journal ended it. */
  sealed(generation: number, touched: readonly string[], here: boolean): void;
}

/** Bytes to read beyond the observed end. */
const BEYOND = 4_096;
const CHUNK = 1 << 20;
const { O_APPEND, O_CREAT, O_RDONLY, O_RDWR, O_WRONLY } = constants;
// A link leads elsewhere, and a pipe blocks. Not every platform can detect them.
const CAREFULLY = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * The changes of a store in order, in append-only segments. A writer appends its batch with one write and one sync,
 * then reads the journal up to its lines to learn which of them count. No process holds a lock, so none can be left
 * behind. A segment ends with a seal; later lines do not count.
 *
 * Each segment starts with the name of a unique staging folder: a process that slept while the segment was compacted
 * finds its folder missing, and cannot recreate it.
 */
export class Journal {
  private readonly fs: FileSystem;
  private readonly layout: Layout;
  private readonly provenance: Provenance;
  private readonly listener: JournalListener;
  private handle: DiskFile | undefined;
  private identity: { readonly dev: number; readonly ino: number } = { dev: 0, ino: 0 };
  private judge: Judge;
  private lines = new LineSplitter();
  private writable = true;
  /** Why the segment is read-only, or why the next one could not be created. */
  private refusal: unknown;
  private reportedSeal = 0;
  private ownName: string | undefined;
  /** Set when this position in the journal is no longer valid. */
  private lost: 'behind' | 'gone' | undefined;
  /** Bytes of the segment of which this process knows that they survive a power cut. */
  private durable = 0;
  private readonly stagings = new Map<number, string>();
  generation = 0;
  /** Set when segments are permanently missing: reading continues in the next existing one. */
  bridging = false;

  constructor(fs: FileSystem, layout: Layout, provenance: Provenance, listener: JournalListener) {
    this.fs = fs;
    this.provenance = provenance;
    this.layout = layout;
    this.listener = listener;
    this.judge = new Judge(0, listener);
  }

  get isOpen(): boolean {
    return this.handle !== undefined;
  }

  /** Bytes of the current segment that were read. */
  get size(): number {
    return this.lines.position;
  }

  /** Tasks that the current segment changed so far. */
  touched(): string[] {
    return this.judge.touched();
  }

  /** Whether the current segment alone can bring a task back, so that its file need not be safe yet. */
  hasAllOf(id: string): boolean {
    return this.judge.hasAllOf(id);
  }

  /** Name of the staging folder of the current segment. */
  get staging(): string {
    return this.judge.staging ?? String(this.generation);
  }

  /** Name of the staging folder of the segment after a given one. */
  stagingAfter(generation: number): string {
    const next = Math.min(...[...this.stagings.keys()].filter((other) => other > generation));
    return this.stagings.get(next) ?? String(generation + 1);
  }

  /** Existing segments, oldest first; none without a journal. */
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

  /** Opens a segment to read it from its start. @returns false if it does not exist */
  async openSegment(generation: number, writable: boolean): Promise<boolean> {
    const file = segmentFile(this.layout, generation);
    let refusal: unknown;
    let handle: DiskFile;
    try {
      // Not created, because that would restore a segment that was compacted in the meantime.
      handle = await this.fs.open(file, (writable ? O_RDWR | O_APPEND : O_RDONLY) | CAREFULLY);
    } catch (error) {
      if (isMissing(error)) return false;
      if (!writable || !isRefusal(error)) throw error;
      refusal = error;
      handle = await this.fs.open(file, O_RDONLY | CAREFULLY);
    }
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) throw new TaskError('StoreNotWritable', `${file} is not a regular file.`);
      this.identity = { dev: stat.dev, ino: stat.ino };
      await this.close();
    } catch (error) {
      await handle.close();
      throw error;
    }
    this.handle = handle;
    this.writable = writable;
    this.refusal = refusal;
    this.generation = generation;
    this.stagings.delete(generation);
    this.reportedSeal = 0;
    this.lost = undefined;
    this.judge = new Judge(generation, this.listener);
    this.lines = new LineSplitter();
    this.durable = 0;
    return true;
  }

  /** Creates the next segment and its staging folder before the seal that leads to it. */
  async createSegment(generation: number): Promise<void> {
    const staging = `${generation}-${randomUUID().slice(0, 8)}`;
    await makeFolder(this.fs, this.layout.state, stagingFolder(this.layout, staging));
    const handle = await this.fs.open(segmentFile(this.layout, generation), O_WRONLY | O_APPEND | O_CREAT | CAREFULLY);
    try {
      const torn = (await handle.stat()).size > 0 ? '\n' : '';
      await writeAll(handle, Buffer.from(`${torn}${JSON.stringify({ v: 1, begin: generation, staging })}\n`));
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await syncFolder(this.fs, this.layout.journal);
  }

  /**
   * Appends lines and makes them durable; then reads up to their position. The listener receives their verdicts
   * afterwards, even if the disk failed: for lines that were written completely.
   *
   * @throws TaskError `StoreNotWritable` if writing fails, or the written lines cannot be read
   */
  async append(lines: readonly string[]): Promise<Appended> {
    const handle = this.opened();
    if (this.lost !== undefined) return { durable: false, failure: undefined, gone: true };
    if (this.refusal !== undefined || this.judge.sealed) throw notWritable(this.refusal);
    // Half a line of a writer that died: the next line must not become a part of it.
    const before = this.lines.pending > 0 ? '\n' : '';
    const bytes = Buffer.from(`${before}${lines.join('\n')}\n`);
    const end = this.size + this.lines.pending + bytes.length;
    let failure: unknown;
    let durable = false;
    try {
      await writeAll(handle, bytes);
    } catch (error) {
      failure = error;
    }
    try {
      await handle.datasync();
      durable = true;
      if (failure === undefined) this.durable = end;
    } catch (error) {
      failure ??= error;
    }
    try {
      return { durable, failure, gone: (await this.read()) === 'gone' };
    } catch (error) {
      throw notKnown(error);
    }
  }

  /** Syncs everything that was read so far, also lines that other processes wrote and did not sync yet. */
  async makeDurable(): Promise<void> {
    const { handle, size } = this;
    if (handle === undefined || size <= this.durable || this.refusal !== undefined) return;
    await handle.datasync();
    if (this.handle === handle) this.durable = Math.max(this.durable, size);
  }

  /** Reads new lines of any process, through all following segments. */
  async read(): Promise<Reading> {
    if (this.lost !== undefined) return this.lost;
    const reading = await this.readOn();
    // For good: the segment that was opened last may look as if it continued.
    if (reading === 'behind' || reading === 'gone') this.lost = reading;
    return reading;
  }

  private async readOn(): Promise<Reading> {
    for (;;) {
      const intact = await this.readSegment();
      if (!this.judge.sealed) return intact ? 'whole' : 'gone';
      const ended = this.generation;
      if (this.reportedSeal !== ended) this.listener.sealed(ended, this.touched(), this.judge.sealedBy === this.name);
      this.reportedSeal = ended;
      await this.makeDurable();
      const reading = await this.openNext(ended);
      if (reading !== 'whole') return reading;
    }
  }

  /**
   * Seals the current segment if it has grown over `bytes`: creates the next one, then seals this one. Two concurrent
   * processes seal it once; the second seal follows the first and does not count.
   */
  async sealIfOver(bytes: number): Promise<void> {
    if (!this.isOpen || (await this.read()) !== 'whole' || this.size <= bytes) return;
    await this.createSegment(this.generation + 1);
    const { failure } = await this.append([JSON.stringify({ v: 1, seal: this.generation, by: this.name })]);
    if (failure !== undefined) throw failure;
  }

  private async openNext(ended: number): Promise<Reading> {
    const next = ended + 1;
    if (await this.openSegment(next, this.writable)) return (await this.isCompacted(next)) ? 'behind' : 'whole';
    const later = (await this.segments()).find((generation) => generation > ended);
    if (later !== undefined && this.bridging) {
      return (await this.openSegment(later, this.writable)) ? 'whole' : 'behind';
    }
    if (later !== undefined || (await this.isCompacted(next))) return 'behind';
    if (!this.writable) return 'ended';
    // The next segment exists before the seal; its manual removal must not stop the store.
    try {
      await this.createSegment(next);
    } catch (error) {
      this.refusal = error;
      return 'ended';
    }
    this.refusal = undefined;
    return (await this.openSegment(next, true)) ? 'whole' : 'behind';
  }

  /**
   * A process that slept between its decision to seal and the creation of the next segment recreates one that was
   * compacted long ago: it has a valid name, but no process reads it.
   */
  private async isCompacted(generation: number): Promise<boolean> {
    const known = await readStateFile(this.fs, this.layout, this.provenance);
    return known.kind === 'ours' && known.state.generation > generation;
  }

  async close(): Promise<void> {
    const handle = this.handle;
    this.handle = undefined;
    await handle?.close();
  }

  /** Made on first use: a process that only reads has no use for it. */
  private get name(): string {
    this.ownName ??= randomUUID();
    return this.ownName;
  }

  private opened(): DiskFile {
    if (this.handle === undefined) throw new TaskError('StoreClosed', 'The store is closed.');
    return this.handle;
  }

  /** @returns false if the file was replaced, or is shorter than the part that was read */
  private async readSegment(): Promise<boolean> {
    const handle = this.opened();
    const { inPlace, size } = await this.place(handle);
    if (size < this.lines.position + this.lines.pending) return false;
    for (;;) {
      const offset = this.lines.position + this.lines.pending;
      const buffer = Buffer.allocUnsafe(Math.min(Math.max(size - offset, BEYOND), CHUNK));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
      if (bytesRead > 0) this.lines.feed(buffer.subarray(0, bytesRead), (text, start) => this.judge.line(text, start));
      // The reported size is not final on some file systems, so only a read up to the end of the file is complete. A
      // read up to the reported size may miss concurrent appends, which are not acknowledged yet.
      if (bytesRead < buffer.length) break;
    }
    const { staging } = this.judge;
    if (staging !== undefined) this.stagings.set(this.generation, staging);
    return inPlace;
  }

  /** A missing segment was compacted, which seals it; otherwise the store was moved or removed. */
  private async place(handle: DiskFile): Promise<{ inPlace: boolean; size: number }> {
    try {
      const { dev, ino, size } = await this.fs.stat(segmentFile(this.layout, this.generation));
      if (dev === this.identity.dev && ino === this.identity.ino) return { inPlace: true, size };
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    return { inPlace: false, size: (await handle.stat()).size };
  }
}

async function writeAll(handle: DiskFile, buffer: Buffer): Promise<void> {
  for (let written = 0; written < buffer.length; ) {
    // An append-mode handle writes at the end of the file, as one piece.
    const { bytesWritten } = await handle.write(buffer, written, buffer.length - written);
    if (bytesWritten === 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC' });
    written += bytesWritten;
  }
}
