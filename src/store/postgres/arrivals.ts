/** Milliseconds between an append or read and a read that a notice causes: under load, each catches up with many lines. */
const PAUSE_MS = 20;

/** Decides which notices of new lines need a read. Most do not while this process appends, because appends catch up. */
export class Arrivals {
  private readonly position: () => number;
  private readonly read: () => void;
  /** The position after the last line that a notice announced. */
  private announced = 0;
  private appending = 0;
  private caughtUp = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;

  /** @param position after the last line that is known; @param read asks for the lines after it, soon */
  constructor(position: () => number, read: () => void) {
    this.position = position;
    this.read = read;
  }

  /** @param position after the last line that a notice announced; undefined if notices may have been lost */
  noticed(position: number | undefined): void {
    if (position === undefined) this.now();
    else {
      this.announced = Math.max(this.announced, position);
      this.soon();
    }
  }

  /** Runs an append, which reads all lines up to its own. */
  async during<T>(append: () => Promise<T>): Promise<T> {
    this.appending += 1;
    try {
      return await append();
    } finally {
      this.appending -= 1;
      this.caughtUp = performance.now();
      this.soon();
    }
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.announced = 0;
  }

  private soon(): void {
    if (this.appending > 0 || this.timer !== undefined || this.announced <= this.position()) return;
    const wait = PAUSE_MS - (performance.now() - this.caughtUp);
    if (wait <= 0) this.now();
    else {
      this.timer = setTimeout(() => {
        this.timer = undefined;
        this.soon();
      }, wait).unref();
    }
  }

  private now(): void {
    // A notice can announce lines that do not exist. The read finds those that do.
    this.announced = 0;
    this.caughtUp = performance.now();
    this.read();
  }
}
