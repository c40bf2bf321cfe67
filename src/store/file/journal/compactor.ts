import type { Logger } from '../../../core/logger.ts';
import type { CompactionContext, SealedSegment } from './compaction.ts';
import { readStateFile } from './state-file.ts';

/** Milliseconds that the process that sealed a segment gets to release it; it may have died. */
const PATIENCE_MS = 5_000;
const LOOK_MS = 50;

export interface CompactorContext extends CompactionContext {
  readonly logger: Logger;
  /** Seals the current segment if it has grown over this number of bytes. */
  readonly seal: (over: number) => Promise<void>;
  /** Tasks that the segment that is written changed. */
  readonly touched: () => readonly string[];
  /** Called for a released segment; `done` are its tasks that no later one changed. */
  readonly gone: (generation: number, done: readonly string[]) => void;
}

/** Releases sealed segments in order. All processes may do so at once, but each makes every file
 * durable: so it is left to the one that ended the segment, and the others only see to it that it is done.
 */
export class Compactor {
  private readonly context: CompactorContext;
  private sealed: SealedSegment[] = [];
  private running: Promise<void> | undefined;
  private closing = false;
  /** The first segment of the journal. */
  first = 1;

  constructor(context: CompactorContext) {
    this.context = context;
  }

  get isNeeded(): boolean {
    return this.sealed.length > 0;
  }

  add(segment: SealedSegment): void {
    this.sealed.push(segment);
  }

  /** Everything is loaded again, with a new list. */
  forget(): void {
    this.sealed = [];
  }

  soon(over: number): void {
    this.running ??= this.run(over)
      .catch((error) => this.context.logger.warn('The journal could not be compacted; it is kept.', error))
      .finally(() => {
        this.running = undefined;
      });
  }

  async run(over: number): Promise<void> {
    const { context } = this;
    await context.seal(over);
    for (let [segment] = this.sealed; segment !== undefined; [segment] = this.sealed) {
      if (!(await this.isUpToUs(segment))) return;
      const { compact } = await import('./compaction.ts');
      await compact(context, segment, this.first);
      this.first = segment.generation + 1;
      // A full reload has created a new list.
      const done = segment.generation;
      this.sealed = this.sealed.filter(({ generation }) => generation > done);
      const live = new Set([...context.touched(), ...this.sealed.flatMap(({ touched }) => touched)]);
      context.gone(
        done,
        segment.touched.filter((id) => !live.has(id)),
      );
    }
  }

  /** Stops waiting for other processes. */
  close(): void {
    this.closing = true;
  }

  async idle(): Promise<void> {
    await this.running;
  }

  /** @returns false when others may still be at it, and this process is about to end */
  private async isUpToUs({ mine, generation }: SealedSegment): Promise<boolean> {
    for (let waited = 0; !mine && waited < PATIENCE_MS; waited += LOOK_MS) {
      const known = await readStateFile(this.context.fs, this.context.layout, this.context.provenance);
      if (known.kind === 'ours' && known.state.generation > generation) return true;
      if (this.closing) return false;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return true;
  }
}
