import type { LogDraft } from '../../core/task/log-entry.ts';

/** Milliseconds without activity after which an agent is reported as quiet. */
const QUIET_MS = 5 * 60_000;
const LOOK_MS = 30_000;

interface QuietWatchOptions {
  readonly log: (entry: LogDraft) => void;
  /** Called with the milliseconds of silence when an agent becomes quiet, and with undefined when that has ended. */
  readonly mark: (quietMs: number | undefined) => unknown;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

/** Reports that an agent shows no activity within a turn, and when it is active again. */
export class QuietWatch {
  private readonly options: Required<QuietWatchOptions>;
  private timer: NodeJS.Timeout | undefined;
  private last = 0;
  private reported = false;
  private asked = 0;

  constructor(options: QuietWatchOptions) {
    this.options = { now: () => performance.now(), ...options };
  }

  /** A turn begins. */
  begin(): void {
    this.end();
    this.last = this.options.now();
    this.timer = setInterval(() => this.reportIfQuiet(), LOOK_MS).unref();
  }

  /** The turn has ended. */
  end(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.clear();
  }

  /** The agent was active. */
  sign(): void {
    const { now, log } = this.options;
    if (this.reported) {
      const message = `The agent is active again, after ${minutes(now() - this.last)}.`;
      log({ type: 'system', level: 'info', message, metadata: { source: 'worker' } });
    }
    this.clear();
    this.last = now();
  }

  /** The agent waits for a person, which is no silence of its own. */
  async while<T>(answer: Promise<T>): Promise<T> {
    this.asked += 1;
    try {
      return await answer;
    } finally {
      this.asked -= 1;
      this.last = this.options.now();
    }
  }

  /** Reports the agent once if it is quiet. */
  reportIfQuiet(): void {
    const quietMs = this.options.now() - this.last;
    if (this.timer === undefined || this.asked > 0 || this.reported || quietMs < QUIET_MS) return;
    this.reported = true;
    this.options.mark(quietMs);
    const message = `No activity from the agent for ${minutes(quietMs)}.`;
    this.options.log({ type: 'system', level: 'warn', message, metadata: { source: 'worker', quiet: true } });
  }

  private clear(): void {
    if (this.reported) this.options.mark(undefined);
    this.reported = false;
  }
}

function minutes(ms: number): string {
  return `${Math.round(ms / 60_000)} min`;
}
