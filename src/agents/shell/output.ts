import { compileLineRedaction, type Redact } from '../../core/text/redact.ts';
import type { GuardedClient } from '../guarded-client.ts';
import type { LinePart } from '../line-splitter.ts';
import type { StderrTail } from '../stderr-tail.ts';

const progressLine = /^::progress (\d{1,3})\s*$/;

/** Turns a script's output into log entries and progress. */
export class ScriptOutput {
  private readonly client: GuardedClient;
  private readonly tail: StderrTail;
  private readonly cleanOut: Redact;
  private readonly cleanErr: Redact;
  private progress: number | undefined;

  constructor(client: GuardedClient, tail: StderrTail) {
    this.client = client;
    this.tail = tail;
    this.cleanOut = compileLineRedaction(client.redact);
    this.cleanErr = compileLineRedaction(client.redact);
  }

  stdout({ text, continued }: LinePart): void | PromiseLike<void> {
    const percent = continued ? undefined : progressLine.exec(text)?.[1];
    if (percent !== undefined) return this.report(Math.min(100, Number(percent)));
    return this.client.log({
      type: 'output',
      level: 'info',
      message: this.cleanOut(text),
      metadata: { stream: 'stdout', ...(continued ? { continued } : {}) },
    });
  }

  /** Noise on standard error is a line of the log like any other; programs write their progress there. */
  stderr({ text, continued }: LinePart): void | PromiseLike<void> {
    const message = this.cleanErr(text);
    this.tail.add(message);
    return this.client.log({
      type: 'output',
      level: 'info',
      message,
      metadata: { stream: 'stderr', ...(continued ? { continued } : {}) },
    });
  }

  private report(percent: number): void | PromiseLike<void> {
    if (percent === this.progress) return;
    this.progress = percent;
    this.client.progress(percent);
    return this.client.log({
      type: 'progress',
      level: 'info',
      message: `${percent}%`,
      metadata: { progress: percent },
    });
  }
}
