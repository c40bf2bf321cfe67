import { join } from 'node:path';
import { type OriginalTask, originalTaskSchema } from '../../core/task/original.ts';
import { type TaskRecord, taskRecordSchema } from '../../core/task/schema.ts';
import { type FileSystem, isMissing } from './file-system.ts';
import { isTaskFileName, type Layout, stagingFolder, taskFile } from './layout.ts';

/** A larger file is not a task: nothing reads it into memory. */
export const MAX_TASK_FILE = 16 * 1024 * 1024;

const WRITE_DELAY_MS = 60;
const PARALLEL = 16;
/** More compactions than this in the time of one write do not happen; then the folder itself is gone. */
const MAX_ATTEMPTS = 5;

/**
 * Writes task files from memory: coalesced, each by an atomic rename. A file is staged in a folder of the journal's
 * generation that the writer had read. When a segment is compacted, its staging folder is taken away first, so that
 * the rename of a writer that slept meanwhile fails and can never put an old state over a newer one.
 */
export class TaskFileWriter {
  private readonly fs: FileSystem;
  private readonly layout: Layout;
  private readonly find: (id: string) => TaskRecord | undefined;
  private readonly generation: () => number;
  private readonly refresh: () => Promise<void>;
  private readonly report: (error: unknown) => void;
  private readonly dirty = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private sequence = 0;

  constructor(options: {
    fs: FileSystem;
    layout: Layout;
    find: (id: string) => TaskRecord | undefined;
    generation: () => number;
    /** Reads the journal on. */
    refresh: () => Promise<void>;
    report: (error: unknown) => void;
  }) {
    this.fs = options.fs;
    this.layout = options.layout;
    this.find = options.find;
    this.generation = options.generation;
    this.refresh = options.refresh;
    this.report = options.report;
  }

  /** Remembers that the file of a task no longer says what memory says. */
  touch(id: string): void {
    this.dirty.add(id);
    if (this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.flush().catch(this.report);
    }, WRITE_DELAY_MS);
  }

  /** Writes all that is still to be written. The journal has it already: a failure here loses nothing. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const writing = this.running.then(() => this.writeAll([...this.dirty], false));
    this.running = writing.catch(() => {});
    return writing;
  }

  /** Writes these files and makes them durable, to let go of the journal that has their changes. */
  async settle(ids: readonly string[]): Promise<void> {
    await this.running;
    await this.writeAll(ids, true);
  }

  private async writeAll(ids: readonly string[], durable: boolean): Promise<void> {
    const queue = [...ids];
    const work = async (): Promise<void> => {
      for (let id = queue.pop(); id !== undefined; id = queue.pop()) await this.write(id, durable);
    };
    await Promise.all(Array.from({ length: Math.min(PARALLEL, queue.length) }, work));
  }

  private async write(id: string, durable: boolean): Promise<void> {
    this.dirty.delete(id);
    try {
      await this.writeOnce(id, durable);
    } catch (error) {
      this.dirty.add(id);
      throw error;
    }
  }

  private async writeOnce(id: string, durable: boolean): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const generation = this.generation();
      const record = this.find(id);
      if (record === undefined) return removeIfThere(this.fs, taskFile(this.layout, id));
      const folder = stagingFolder(this.layout, generation);
      this.sequence += 1;
      const staged = join(folder, `${id}.${process.pid}.${this.sequence}`);
      try {
        await this.stage(staged, `${JSON.stringify(record, null, 2)}\n`, durable);
        await this.fs.rename(staged, taskFile(this.layout, id));
        return;
      } catch (error) {
        if (!isMissing(error) || attempt === MAX_ATTEMPTS) throw error;
        // The staging folder was taken away: the journal went on. Read on, and write what memory says by then.
        if (this.generation() === generation) await this.refresh();
        // It is still this generation, so nobody compacted it: somebody cleaned up by hand.
        if (this.generation() === generation) await this.fs.mkdir(folder, { recursive: true });
      }
    }
  }

  private async stage(staged: string, text: string, durable: boolean): Promise<void> {
    const handle = await this.fs.open(staged, 'w');
    try {
      await handle.writeFile(text);
      if (durable) await handle.datasync();
    } finally {
      await handle.close();
    }
  }
}

/** A file that is not a task, and why. */
export interface BadFile {
  readonly file: string;
  readonly reason: string;
}

/** What a file of the tasks' folder holds. */
export type TaskFileReading =
  | { readonly kind: 'task'; readonly task: TaskRecord }
  /** Written by the original systemprompt server. */
  | { readonly kind: 'original'; readonly task: OriginalTask }
  | { readonly kind: 'bad'; readonly bad: BadFile };

/** Reads one task file without trusting it. @returns undefined when it is gone */
export function readTaskFile(fs: FileSystem, layout: Layout, name: string): TaskFileReading | undefined {
  const file = join(layout.tasks, name);
  const bad = (reason: string): TaskFileReading => ({ kind: 'bad', bad: { file, reason } });
  if (!isTaskFileName(name)) return bad('not the name of a task file');
  try {
    const read = fs.readRegularSync(file, MAX_TASK_FILE);
    if (read.kind === 'other') return bad('not a regular file');
    if (read.kind === 'large') return bad(`larger than ${MAX_TASK_FILE} bytes`);
    const record: unknown = JSON.parse(read.text);
    const parsed = taskRecordSchema.safeParse(record);
    const original = parsed.success ? undefined : originalTaskSchema.safeParse(record).data;
    const id = original?.id ?? parsed.data?.id;
    if (id !== undefined && `${id}.json` !== name) return bad(`holds the task ${id}`);
    if (original !== undefined && !hasVersion(record)) return { kind: 'original', task: original };
    if (parsed.success) return { kind: 'task', task: record as TaskRecord };
    const issue = parsed.error.issues[0];
    return bad(`not a task: ${issue?.path.join('.')}: ${issue?.message}`);
  } catch (error) {
    if (isMissing(error)) return undefined;
    return bad(`cannot be read: ${(error as Error).message}`);
  }
}

function hasVersion(record: unknown): boolean {
  return typeof record === 'object' && record !== null && 'schema_version' in record;
}

export async function removeIfThere(fs: FileSystem, file: string): Promise<void> {
  try {
    await fs.unlink(file);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
