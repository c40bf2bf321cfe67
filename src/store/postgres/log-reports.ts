import type { Disposable } from '../../core/disposable.ts';
import { Serial } from '../../core/serial.ts';
import type { TaskLogEntry } from '../../core/task/log-entry.ts';
import type { LogEntryPage } from '../logs/range.ts';

export interface LogReportsContext {
  /** The end of every log. */
  readonly positions: () => Promise<ReadonlyMap<string, number>>;
  readonly read: (id: string, after: number) => Promise<LogEntryPage>;
  readonly added: (id: string, entries: readonly TaskLogEntry[]) => void;
  /** Notices of changed logs; without an id if some may have been lost. */
  readonly notices: (listener: (id: string | undefined) => void) => Disposable;
  readonly report: (error: unknown) => void;
}

/** Reports entries that any process adds, from the moment the watch starts. */
export class LogReports {
  private readonly context: LogReportsContext;
  private readonly turns = new Serial();
  private readonly reported = new Map<string, number>();
  private registration: Disposable | undefined;
  private starting: Promise<void> | undefined;

  constructor(context: LogReportsContext) {
    this.context = context;
  }

  watch(on: boolean): void {
    if (on && this.registration === undefined) {
      this.registration = this.context.notices((id) => this.noticed(id));
      this.starting = this.turns.run(() => this.begin()).catch(this.context.report);
    } else if (!on) {
      this.registration?.dispose();
      this.registration = undefined;
    }
  }

  /** Resolves when entries that are added later will be reported. */
  async ready(): Promise<void> {
    await this.starting;
  }

  async close(): Promise<void> {
    this.watch(false);
    await this.turns.idle();
  }

  private async begin(): Promise<void> {
    this.reported.clear();
    for (const [id, next] of await this.context.positions()) this.reported.set(id, next);
  }

  private noticed(id: string | undefined): void {
    const work = (): Promise<void> => (id === undefined ? this.all() : this.log(id));
    this.turns.run(work).catch(this.context.report);
  }

  private async all(): Promise<void> {
    if (this.registration === undefined) return;
    for (const [id, next] of await this.context.positions()) {
      if (next > (this.reported.get(id) ?? 0)) await this.log(id);
    }
  }

  private async log(id: string): Promise<void> {
    for (;;) {
      if (this.registration === undefined) return;
      const { entries, next } = await this.context.read(id, this.reported.get(id) ?? 0);
      if (entries.length === 0 || this.registration === undefined) return;
      this.reported.set(id, next);
      this.context.added(id, entries);
    }
  }
}
