import type { LogDraft } from '../../core/task/log-entry.ts';

/** Milliseconds without activity after which an agent is reported as quiet. */
const QUIET_MS = 5 * 60_000;
const LOOK_MS = 30_000;

interface QuietWatchOptions {
  readonly log: (entry: LogDraft) => void;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

/** Logs that an agent shows no activity within a turn, and when it is active again. */
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
    this.timer = setInterval(() => this.look(), LOOK_MS).unref();
  }

  /** The turn has ended. */
  end(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.reported = false;
  }

  /** The agent was active. */
  sign(): void {
    const { now, log } = this.options;
    if (this.reported) {
      const message = `The agent is active again, after ${minutes(now() - this.last)}.`;
      log({ type: 'system', level: 'info', message, metadata: { source: 'worker' } });
    }
    this.reported = false;
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
  look(): void {
    const quietMs = this.options.now() - this.last;
    if (this.timer === undefined || this.asked > 0 || this.reported || quietMs < QUIET_MS) return;
    this.reported = true;
    const message = `No activity from the agent for ${minutes(quietMs)}.`;
    this.options.log({ type: 'system', level: 'warn', message, metadata: { source: 'worker', quiet: true } });
  }
}

function minutes(ms: number): string {
  return `${Math.round(ms / 60_000)} min`;
}
