/** Milliseconds of synchronous work after which the rest of the process gets a turn. */
const SLICE_MS = 5;

/** Cuts synchronous work on many files into slices, so that the process can answer in between. */
export class Slices {
  private began = 0;
  private pause: Promise<void> | undefined;

  /** Call before each step. Waits for a turn of the event loop after each slice. */
  async next(): Promise<void> {
    if (milliseconds() - this.began > SLICE_MS) {
      this.pause ??= new Promise<void>((resolve) => {
        setImmediate(() => {
          this.pause = undefined;
          this.began = milliseconds();
          resolve();
        });
      });
    }
    await this.pause;
  }
}

/** A monotonic clock. Node loads `performance` on first use, which takes longer than reading the files of most stores. */
export function milliseconds(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
