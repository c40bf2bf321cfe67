import { isPastStep } from '../disk/clock-step.ts';

/** The part of a file's facts that identifies it, also after it was renamed. A new file can have the inode of an old one. */
export interface FileIdentity {
  readonly ino: number;
  readonly birthtimeMs: number;
}

/** The first bytes of a file, which this process wrote. */
export interface WrittenStart {
  readonly bytes: number;
  readonly entries: number;
}

/** A log has few files that lines are added to; forgetting one costs a reading of it. */
const FILES = 1_000;

/**
 * The files of logs to which only this process has appended since they were empty. Their bytes need not be read to count
 * the entries, or to find a seal: each append was to the live file, which has none.
 */
export class WrittenFiles {
  private readonly files = new Map<string, WrittenStart & { readonly isSettled: boolean }>();

  /** Records an append to the live file after which it has exactly `from + bytes` bytes. */
  appended(file: FileIdentity, from: number, bytes: number, entries: number): void {
    const before = from === 0 ? { bytes: 0, entries: 0 } : this.files.get(keyOf(file));
    this.forget(file);
    // A file system without birth times could give its inode to another file.
    if (before?.bytes !== from || file.birthtimeMs === 0) return;
    // A file that lives for one step of the clock can be followed by one with its inode and its time of birth.
    const isSettled = isPastStep(file.birthtimeMs, Date.now());
    this.files.set(keyOf(file), { bytes: from + bytes, entries: before.entries + entries, isSettled });
    if (this.files.size <= FILES) return;
    for (const oldest of this.files.keys()) {
      this.files.delete(oldest);
      return;
    }
  }

  /** Another process has appended to the file, or it may have been ended. */
  forget(file: FileIdentity): void {
    this.files.delete(keyOf(file));
  }

  startOf(file: FileIdentity): WrittenStart | undefined {
    const known = this.files.get(keyOf(file));
    return known?.isSettled === true ? known : undefined;
  }
}

function keyOf({ ino, birthtimeMs }: FileIdentity): string {
  return `${ino} ${birthtimeMs}`;
}
