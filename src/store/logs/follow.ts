import type { TaskLogEntry } from '../../core/task/log-entry.ts';
import type { LogEntryPage, LogRange } from './range.ts';

const PAGE = 500;
/** Milliseconds for which a line is held back. The line of the change that it follows may be written this much later. */
const HOLD_MS = 120;
/** Milliseconds until a read that failed is tried again. */
const RETRY_MS = 1_000;

/**
 * Reads a log from a position whenever more is available. One read at a time, without duplicates. A line that was
 * reported can no longer change its place, so young lines are held back until late ones have taken theirs.
 */
export class LogFollow {
  private readonly read: (range: LogRange) => Promise<LogEntryPage>;
  private readonly listener: (entries: TaskLogEntry[], next: number) => void;
  private position: number | 'end';
  private reading = false;
  private again = false;
  private disposed = false;
  private held: NodeJS.Timeout | undefined;

  constructor(
    read: (range: LogRange) => Promise<LogEntryPage>,
    from: number | 'end',
    listener: (entries: TaskLogEntry[], next: number) => void,
  ) {
    this.read = read;
    this.position = from;
    this.listener = listener;
  }

  poke(): void {
    if (this.reading) {
      this.again = true;
      return;
    }
    this.reading = true;
    this.readOn()
      // A log that cannot be read now may have had its last line, after which no poke comes.
      .catch(() => this.pokeIn(RETRY_MS))
      .finally(() => {
        this.reading = false;
        if (this.again && !this.disposed) {
          this.again = false;
          this.poke();
        }
      });
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.held);
  }

  private async readOn(): Promise<void> {
    if (this.position === 'end') this.position = (await this.read({ limit: 1 })).next;
    for (;;) {
      const page = await this.readSettled(this.position);
      if (this.disposed) return;
      const moved = page.next !== this.position;
      this.position = page.next;
      if (page.entries.length > 0) this.listener(page.entries, page.next);
      if (!moved) return;
    }
  }

  private pokeIn(ms: number): void {
    if (this.disposed) return;
    this.held ??= setTimeout(() => {
      this.held = undefined;
      this.poke();
    }, ms);
  }

  /** The next page without its young lines. */
  private async readSettled(after: number): Promise<LogEntryPage> {
    const page = await this.read({ after, limit: PAGE });
    const young = page.entries.findIndex((entry) => heldFor(entry) > 0);
    const first = page.entries[young];
    if (first === undefined) return page;
    // Exactly until its time has come, so that lines of several logs are reported in the order of their times.
    this.pokeIn(heldFor(first));
    return young === 0 ? { ...page, entries: [], next: after } : this.read({ after, limit: young });
  }
}

/**
 * Milliseconds for which an entry is still held back. None for a time in the future: the clock was set back, or is that
 * of another machine.
 */
function heldFor({ timestamp }: TaskLogEntry): number {
  const age = Date.now() - Date.parse(timestamp);
  return age < 0 ? 0 : Math.max(0, HOLD_MS - age);
}
