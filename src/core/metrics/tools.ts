import type { TaskLogEntry } from '../task/log-entry.ts';

/** Calls of a tool by a task: number, failures, and reported duration in milliseconds. */
export interface ToolCalls {
  readonly tool: string;
  calls: number;
  failed: number;
  duration_ms: number;
}

/** Counts the calls of tools in a log, entry by entry. */
export class ToolTally {
  private readonly tools = new Map<string, ToolCalls>();
  private errors = 0;
  private warnings = 0;

  add({ level, type, metadata }: TaskLogEntry): void {
    if (level === 'error') this.errors += 1;
    if (level === 'warn') this.warnings += 1;
    const name = metadata?.toolName;
    if (name === undefined || !(type === 'tool' || isNoted(metadata))) return;
    const calls = this.tools.get(name) ?? { tool: name, calls: 0, failed: 0, duration_ms: 0 };
    this.tools.set(name, calls);
    calls.calls += 1;
    if (metadata?.error !== undefined || level === 'error') calls.failed += 1;
    calls.duration_ms += metadata?.duration ?? 0;
  }

  /** The most called first. */
  get calls(): ToolCalls[] {
    return [...this.tools.values()].sort((a, b) => b.calls - a.calls || (a.tool < b.tool ? -1 : 1));
  }

  /** Numbers of warnings and errors. */
  get levels(): { warnings: number; errors: number } {
    return { warnings: this.warnings, errors: this.errors };
  }
}

/** True for a tool entry that a program wrote through the API: it has no own type, and entries of the product have a source. */
function isNoted(metadata: TaskLogEntry['metadata']): boolean {
  return metadata?.source === undefined && metadata?.['approval'] === undefined;
}
