import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { TaskError } from '../../core/errors.ts';
import type { OriginalTask } from '../../core/task/original.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { StoreState } from '../state.ts';
import { type FileSystem, isMissing } from './file-system.ts';
import { tasksOfOriginalState } from './import-original.ts';
import type { Journal } from './journal.ts';
import type { Layout } from './layout.ts';
import { readStateFile, type StateFile, type StateReading } from './state-file.ts';
import { type BadFile, readTaskFile } from './task-files.ts';

/** Milliseconds that files are read in one go. */
const READ_MS = 8;
const MAX_ATTEMPTS = 50;

export interface Loaded {
  /** False when there is no store yet. */
  readonly exists: boolean;
  /** Why it cannot be written, if so. */
  readonly readOnly: string | undefined;
  readonly bad: readonly BadFile[];
  /** Tasks that the original server wrote and that were not taken over yet. */
  readonly originals: readonly OriginalTask[];
  /** The segment with which a journal begins, where there is none yet. */
  readonly generation: number;
  /** Segments that are in the task files already and only wait to be removed. */
  readonly leftover: readonly number[];
}

/**
 * Reads a store: task files first, then the journal over them. The journal is opened before and read after the files,
 * so that whatever a file already has is in the part of the journal that is read. Compaction by another process in the
 * middle is noticed, and the reading starts over.
 */
export async function loadStore(
  fs: FileSystem,
  layout: Layout,
  state: StoreState,
  journal: Journal,
  /** Told before the journal is read: whether the number of the next task is known, or to be taken from its first line. */
  numbering: (known: boolean) => void,
): Promise<Loaded> {
  for (let attempt = 1; ; attempt += 1) {
    const loaded = await loadOnce(fs, layout, state, journal, numbering);
    if (loaded !== undefined) return loaded;
    if (attempt === MAX_ATTEMPTS) {
      throw new TaskError('Internal', 'The journal cannot be read: a part of it is missing.', {
        hint: `Look into ${layout.journal}; the task files beside it have all tasks.`,
      });
    }
    // Others compact right now; give them a moment.
    await new Promise((resolve) => setTimeout(resolve, 10 * attempt));
  }
}

async function loadOnce(
  fs: FileSystem,
  layout: Layout,
  state: StoreState,
  journal: Journal,
  numbering: (known: boolean) => void,
): Promise<Loaded | undefined> {
  state.clear();
  const segments = await journal.segments();
  const reading = await readStateFile(fs, layout);
  const readOnly = reading.kind === 'newer' ? newerText(reading.version) : undefined;
  const known: StateFile | undefined = reading.kind === 'ours' ? reading.state : undefined;
  const base = known?.generation ?? segments[0];
  const opened = base !== undefined && (await openFirst(journal, base, readOnly === undefined, segments));
  // The journal's first segment is open by now and stays readable, even if it is compacted away meanwhile.
  const { tasks, originals, bad } = await readTasks(fs, layout);
  for (const task of tasks.sort((a, b) => a.number - b.number)) state.load(task);
  if (known !== undefined) state.nextNumber = known.next_number;
  numbering(known !== undefined);
  if (opened && !(await journal.read())) return undefined;
  if (known !== undefined && !opened && segments.some((generation) => generation > known.generation)) return undefined;
  return {
    originals: originalsOf(originals, reading, state),
    generation: base ?? 1,
    exists: segments.length > 0 || originals.length > 0 || tasks.length > 0 || reading.kind !== 'none',
    readOnly,
    bad,
    leftover: segments.filter((generation) => generation < (base ?? 0)),
  };
}

/** Files first; of the server's `state.json`, which lags behind them, only tasks that have no file. */
function originalsOf(files: readonly OriginalTask[], reading: StateReading, state: StoreState): OriginalTask[] {
  const found = new Map<string, OriginalTask>();
  const inState = reading.kind === 'foreign' ? tasksOfOriginalState(reading.value) : [];
  for (const task of [...inState, ...files]) found.set(task.id, task);
  return [...found.values()].filter((task) => state.byId(task.id) === undefined);
}

async function openFirst(
  journal: Journal,
  base: number,
  writable: boolean,
  segments: readonly number[],
): Promise<boolean> {
  if (await journal.openSegment(base, writable)) return true;
  // A crash can leave `state.json` one step ahead of a segment that was never made; then there is nothing to replay.
  const later = segments.find((generation) => generation > base);
  return later !== undefined && journal.openSegment(later, writable);
}

async function readTasks(fs: FileSystem, layout: Layout): Promise<ReadTasks> {
  const names = (await namesIn(fs, layout.tasks)).filter((name) => !name.startsWith('.'));
  const read: ReadTasks = { tasks: [], originals: [], bad: [] };
  let rested = performance.now();
  for (const name of names) {
    const reading = readTaskFile(fs, layout, name);
    if (reading?.kind === 'task') read.tasks.push(reading.task);
    else if (reading?.kind === 'original') read.originals.push(reading.task);
    else if (reading?.kind === 'bad') read.bad.push(reading.bad);
    if (performance.now() - rested < READ_MS) continue;
    // Others in this process have their turn: it may be the editor's host of extensions.
    await setImmediate();
    rested = performance.now();
  }
  return { ...read, tasks: withoutDoubleNumbers(read.tasks, read.bad, layout) };
}

interface ReadTasks {
  readonly tasks: TaskRecord[];
  readonly originals: OriginalTask[];
  readonly bad: BadFile[];
}

/** Two files with one number: a copy by hand. The one that was made first keeps it. */
function withoutDoubleNumbers(tasks: TaskRecord[], bad: BadFile[], layout: Layout): TaskRecord[] {
  const byNumber = new Map<number, TaskRecord>();
  for (const task of tasks.sort((a, b) => (a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : 0))) {
    const first = byNumber.get(task.number);
    if (first === undefined) byNumber.set(task.number, task);
    else bad.push({ file: join(layout.tasks, `${task.id}.json`), reason: `has the number of ${first.id}` });
  }
  return [...byNumber.values()];
}

async function namesIn(fs: FileSystem, folder: string): Promise<string[]> {
  try {
    return await fs.readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function newerText(version: number): string {
  return `The store was written by a newer version (schema ${version}). It can be read; update SystemPrompt Tasks to change it.`;
}
