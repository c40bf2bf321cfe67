import { newPartId } from '../../../core/task/id.ts';
import type { TaskRecord } from '../../../core/task/schema.ts';
import { isPastStep } from '../disk/clock-step.ts';
import type { Disk } from '../disk/disk.ts';
import { type FileLook, removeIfThere } from '../disk/file-system.ts';

const VERSION = 'v2';
/** A power cut can leave the first part of a file. */
const END = '\nend';
/** A longer index is not read: its tasks are read from their files, a few at a time. */
const MAX_BYTES = 64 * 1024 * 1024;
const HEAD_BYTES = 100;
/** Characters that are written at once. */
const PIECE = 256 * 1024;
/** Fewer files than this are read about as fast one by one. */
const MIN_CHANGES = 20;
/** The index is written again when a tenth of it is out of date. */
const CHANGED_PART = 10;

/**
 * The contents of all task files in one file, which replaces reading each of them when a store at rest is opened. It is
 * only a cache: a record is valid while its file is unchanged by inode, size and times. Otherwise the file itself is read.
 *
 * It is beside the key of the store, where git and archives put nothing, and is trusted like the key: a program that can
 * write there can sign as well. A signature of all records would take longer to check than reading them.
 *
 * Separate from `state.json`, which each compaction reads several times.
 */
export class TaskIndex {
  private readonly disk: Disk;
  /** Rows as they stand in the file; parsed when a row is used. */
  private rows = new Map<string, { readonly key: string; readonly json: string }>();
  private savedAt = 0;
  private readonly known = new Map<string, { readonly key: string; readonly task: TaskRecord }>();
  /** Whether this process changes the store; a reading process writes no index. */
  private writes = false;

  constructor(disk: Disk) {
    this.disk = disk;
  }

  /** Reads the index. Every fault makes it empty. */
  async load(): Promise<void> {
    this.rows = new Map();
    this.known.clear();
    if (!this.isUsable) return;
    try {
      const read = this.disk.fs.readRegularSync(await this.place(), MAX_BYTES);
      if (read.kind !== 'text') return;
      const end = read.text.indexOf('\n');
      const [version, at] = read.text.slice(0, end).split(' ');
      if (version !== VERSION || !read.text.endsWith(END)) return;
      this.savedAt = Number(at);
      for (const line of read.text.slice(end + 1, -END.length).split('\n')) {
        const [id, key] = line.split('\t', 2);
        if (id === undefined || key === undefined) continue;
        this.rows.set(id, { key, json: line.slice(id.length + key.length + 2) });
      }
    } catch {
      // Missing or unreadable.
    }
  }

  /** Whether there is a place for the index. */
  get isUsable(): boolean {
    return this.disk.provenance.origin === 'signed';
  }

  /** @returns undefined when the file has to be read */
  find(id: string, look: FileLook): TaskRecord | undefined {
    const row = this.rows.get(id);
    const key = keyOf(look);
    if (row?.key !== key || !isSettled(look, this.savedAt)) return undefined;
    const task = parsed(row.json);
    if (task !== undefined) this.known.set(id, { key, task });
    return task;
  }

  /** A file was read, and `look` describes it before that. */
  read(task: TaskRecord, look: FileLook): void {
    this.known.set(task.id, { key: keyOf(look), task });
  }

  /** This process has written a file; `written` describes it before its rename. */
  wrote(task: TaskRecord, look: FileLook | undefined, written: Omit<FileLook, 'ctimeMs'>): void {
    this.writes = true;
    const isOurs = look?.ino === written.ino && look.size === written.size && look.mtimeMs === written.mtimeMs;
    if (isOurs) this.read(task, look);
    else this.known.delete(task.id);
  }

  /** Writes the index if that saves time. It can be rebuilt at any time, so errors are ignored. */
  async save(isThere: (id: string) => boolean): Promise<void> {
    const { known, rows } = this;
    if (!this.writes || !this.isUsable) return;
    let changes = 0;
    for (const [id, { key }] of known) if (rows.get(id)?.key !== key) changes += 1;
    if (changes < Math.max(MIN_CHANGES, known.size / CHANGED_PART)) return;
    // In pieces: one long text or buffer would be copied as a whole, several times.
    const pieces: Buffer[] = [];
    let [text, size] = ['', 0];
    const add = (): void => {
      pieces.push(Buffer.from(text));
      size += pieces.at(-1)?.length ?? 0;
      text = '\n';
    };
    for (const [id, { key, task }] of known) {
      if (!isThere(id)) continue;
      if (text.length > 1) text += '\n';
      text += `${id}\t${key}\t${JSON.stringify(task)}`;
      if (text.length >= PIECE) add();
      if (size > MAX_BYTES - HEAD_BYTES) return;
    }
    if (text.length > 1) add();
    if (size > MAX_BYTES - HEAD_BYTES) return;
    await this.write(pieces).catch(() => {});
  }

  private place(): Promise<string> {
    return this.disk.provenance.beside('index');
  }

  private async write(body: readonly Buffer[]): Promise<void> {
    const { fs } = this.disk;
    const place = await this.place();
    const staged = `${place}.${newPartId('new')}`;
    try {
      const handle = await fs.open(staged, 'wx');
      try {
        await handle.writeFile(`${VERSION} ${Date.now()}\n`);
        for (const piece of body) await handle.writeFile(piece);
        await handle.writeFile(END);
      } finally {
        await handle.close();
      }
      await fs.rename(staged, place);
    } finally {
      await removeIfThere(fs, staged);
    }
  }
}

/** @returns undefined for a row that the disk damaged */
function parsed(json: string): TaskRecord | undefined {
  try {
    return JSON.parse(json) as TaskRecord;
  } catch {
    return undefined;
  }
}

function keyOf({ ino, size, mtimeMs, ctimeMs }: FileLook): string {
  return `${ino}:${size}:${mtimeMs}:${ctimeMs}`;
}

/** Whether a later change of the file would have changed its times. */
function isSettled({ mtimeMs, ctimeMs }: FileLook, savedAt: number): boolean {
  return isPastStep(mtimeMs, savedAt) && isPastStep(ctimeMs, savedAt);
}
