const REST_MS = 1_000;
const REST_BYTES = 2 * 1024 * 1024;
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Decides when the journal is compacted. A compaction makes a file durable for every changed task, which waits for the
 * disk as often as all the changes did together, and on the same disk. So it waits until a process with many changes is
 * idle, or has written so much that rereading would take long. A process with a single change compacts at once, because
 * no later process may do it.
 */
export class CompactionTime {
  private readonly compact: () => void;
  /** Compacted over this many bytes when idle. */
  readonly over: number;
  private readonly most: number;
  private timer: NodeJS.Timeout | undefined;

  private size = 0;

  /** @param at bytes over which it is done also in the middle of many changes */
  constructor(compact: () => void, at?: number) {
    this.compact = compact;
    this.over = at ?? REST_BYTES;
    this.most = at ?? MOST_BYTES;
  }

  /** This process made a change, and the segment has this many bytes now. */
  changed(size: number): void {
    this.size = size;
    const inTheMiddle = this.timer !== undefined;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.rest(), REST_MS);
    // A process that ends does not wait for it: the next change compacts the journal.
    this.timer.unref();
    if (size > (inTheMiddle ? this.most : this.over)) this.compact();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private rest(): void {
    this.timer = undefined;
    if (this.size > this.over) this.compact();
  }
}
