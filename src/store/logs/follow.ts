import type { TaskLogEntry } from '../../core/task/log-entry.ts';
import type { LogEntryPage, LogRange } from './range.ts';

const PAGE = 500;

/** Reads a log from a position whenever more is available. One reading at a time, nothing twice. */
export class LogFollow {
  private readonly read: (range: LogRange) => Promise<LogEntryPage>;
  private readonly listener: (entries: TaskLogEntry[], next: number) => void;
  private position: number | 'end';
  private reading = false;
  private again = false;
  private disposed = false;

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
      // A log that cannot be read now is read at the next poke.
      .catch(() => {})
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
  }

  private async readOn(): Promise<void> {
    if (this.position === 'end') this.position = (await this.read({ limit: 1 })).next;
    for (;;) {
      const page = await this.read({ after: this.position, limit: PAGE });
      if (this.disposed) return;
      const moved = page.next !== this.position;
      this.position = page.next;
      if (page.entries.length > 0) this.listener(page.entries, page.next);
      if (!moved) return;
    }
  }
}
