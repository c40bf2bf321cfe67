import type { LogDraft } from '../../core/task/log-entry.ts';

/** Characters that one run may log. */
const DEFAULT_MEGABYTES = 200;

/** Counts what one run logs, and refuses its output beyond a limit: an agent in a loop would push out the logs of all earlier runs. */
export class RunLogLimit {
  private readonly megabytes: () => number | undefined;
  private chars = 0;
  private refused = { entries: 0, chars: 0 };
  /** The limit that was reached; a higher one, set during the run, lets the log continue. */
  private reached = 0;

  /** @param megabytes the setting, which may change during a run */
  constructor(megabytes: () => number | undefined) {
    this.megabytes = megabytes;
  }

  /** The entry if there is room, the mark of the limit in place of the first entry beyond it, or undefined. */
  admit(entry: LogDraft): LogDraft | undefined {
    const size = sizeOf(entry);
    const limit = this.megabytes() ?? DEFAULT_MEGABYTES;
    // Reports of the product itself are short, and one of them has the outcome of the run.
    const hasRoom = limit > this.reached && this.chars + size <= limit * 1_000_000;
    if (entry.type === undefined || entry.type === 'system' || hasRoom) {
      this.chars += size;
      return entry;
    }
    this.refused = { entries: this.refused.entries + 1, chars: this.refused.chars + size };
    if (limit <= this.reached) return undefined;
    this.reached = limit;
    return {
      level: 'warn',
      message: `This run reached its limit of ${limit.toLocaleString('en')} MB in the log (setting logs.maxRunMegabytes). Its further output is not logged.`,
    };
  }

  /** A line about the entries that were refused since the last call; undefined for none. */
  report(): LogDraft | undefined {
    const { entries, chars } = this.refused;
    if (entries === 0) return undefined;
    this.refused = { entries: 0, chars: 0 };
    const size = (chars / 1_000_000).toLocaleString('en', { maximumFractionDigits: 1 });
    const lines = entries === 1 ? '1 line' : `${entries.toLocaleString('en')} lines`;
    return { level: 'warn', message: `Not logged beyond the limit of this run: ${lines}, ${size} MB.` };
  }
}

/** Characters of an entry, about. */
export function sizeOf({ message, metadata }: LogDraft): number {
  const { toolInput, toolOutput, error } = metadata ?? {};
  return message.length + charsOf(toolInput) + charsOf(toolOutput) + charsOf(error);
}

function charsOf(value: unknown): number {
  if (value === undefined) return 0;
  return typeof value === 'string' ? value.length : (JSON.stringify(value)?.length ?? 0);
}
