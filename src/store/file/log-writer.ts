import type { FileHandle } from 'node:fs/promises';
import type { TaskLogEntry } from '../../core/task/log-entry.ts';
import type { FileSystem } from './file-system.ts';
import type { Layout } from './layout.ts';
import { logFile } from './log-files.ts';

const FLUSH_MS = 40;
const FLUSH_BYTES = 256 * 1024;
const NEWLINE = 10;

interface Pending {
  lines: string[];
  bytes: number;
  timer: NodeJS.Timeout | undefined;
  waiting: { resolve: () => void; reject: (error: unknown) => void }[];
  writing: Promise<void>;
}

/**
 * Appends entries to log files, in batches of at most 40 ms: each batch is one append of whole lines, so that lines of
 * several processes do not mix. A line that a crash tore is ended before the next batch.
 */
export class LogWriter {
  private readonly fs: FileSystem;
  private readonly layout: Layout;
  private readonly written: (id: string) => void;
  private readonly pending = new Map<string, Pending>();

  constructor(fs: FileSystem, layout: Layout, written: (id: string) => void) {
    this.fs = fs;
    this.layout = layout;
    this.written = written;
  }

  /** Resolves when the entries are in the file. Waiting for it is what keeps memory bounded under a flood. */
  append(id: string, entries: readonly TaskLogEntry[]): Promise<void> {
    if (entries.length === 0) return Promise.resolve();
    const pending = this.of(id);
    for (const entry of entries) {
      const line = `${JSON.stringify(entry)}\n`;
      pending.lines.push(line);
      pending.bytes += line.length;
    }
    const done = new Promise<void>((resolve, reject) => pending.waiting.push({ resolve, reject }));
    if (pending.bytes >= FLUSH_BYTES) this.flush(id, pending);
    else pending.timer ??= setTimeout(() => this.flush(id, pending), FLUSH_MS);
    return done;
  }

  /** Writes everything at once. Failures reach those who wait for their entries. */
  async close(): Promise<void> {
    const all = [...this.pending].map(([id, pending]) => {
      this.flush(id, pending);
      return pending.writing;
    });
    await Promise.all(all);
  }

  private of(id: string): Pending {
    let pending = this.pending.get(id);
    if (pending === undefined) {
      pending = { lines: [], bytes: 0, timer: undefined, waiting: [], writing: Promise.resolve() };
      this.pending.set(id, pending);
    }
    return pending;
  }

  private flush(id: string, pending: Pending): void {
    clearTimeout(pending.timer);
    pending.timer = undefined;
    if (pending.lines.length === 0) return;
    const text = pending.lines.join('');
    const waiting = pending.waiting;
    Object.assign(pending, { lines: [], bytes: 0, waiting: [] });
    pending.writing = pending.writing.then(async () => {
      try {
        await this.write(id, text);
        for (const { resolve } of waiting) resolve();
        this.written(id);
      } catch (error) {
        for (const { reject } of waiting) reject(error);
      }
      if (pending.lines.length === 0 && pending.timer === undefined) this.pending.delete(id);
    });
  }

  private async write(id: string, text: string): Promise<void> {
    const handle = await this.fs.open(logFile(this.layout, id), 'a+');
    try {
      const whole = await endsWithNewline(handle);
      const buffer = Buffer.from(whole ? text : `\n${text}`);
      for (let done = 0; done < buffer.length; ) {
        done += (await handle.write(buffer, done, buffer.length - done)).bytesWritten;
      }
    } finally {
      await handle.close();
    }
  }
}

async function endsWithNewline(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  await handle.read(last, 0, 1, size - 1);
  return last[0] === NEWLINE;
}
