/** As in the procedure `append`: an append sends no notice so soon after the last one. */
const PAUSE_MS = 20;

/**
 * Announces the lines of this process that no notice has announced. A notice wakes every process, so an append leaves its
 * announcement to a later append of any process, or to this class after a pause.
 */
export class Announcements {
  private readonly announce: (position: number) => Promise<unknown>;
  /** The position after the last line that waits for a notice. */
  private waiting: number | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** @param announce sends a notice, unless the position was announced meanwhile */
  constructor(announce: (position: number) => Promise<unknown>) {
    this.announce = announce;
  }

  /** @param position after the lines of an append; @param announced whether the append sent a notice */
  appended(position: number, announced: boolean): void {
    if (announced) this.noticed(position);
    else {
      this.waiting = position;
      this.timer ??= setTimeout(() => void this.flush(), PAUSE_MS).unref();
    }
  }

  /** A notice has announced all lines before a position. */
  noticed(position: number): void {
    if (this.waiting === undefined) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.waiting <= position) this.waiting = undefined;
    else this.appended(this.waiting, false);
  }

  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { waiting } = this;
    this.waiting = undefined;
    // Without the notice, other processes find the lines when they ask, once a second.
    if (waiting !== undefined) await this.announce(waiting).catch(() => {});
  }
}
