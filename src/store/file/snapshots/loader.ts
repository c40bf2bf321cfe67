import { join } from 'node:path';
import { TaskError } from '../../../core/errors.ts';
import { textStep } from '../../../core/next-step.ts';
import type { OriginalTask } from '../../../core/task/original-schema.ts';
import type { TaskRecord } from '../../../core/task/schema.ts';
import type { KeyHistory } from '../../journal/key-history.ts';
import type { LoadedRecords } from '../../ports.ts';
import { type FileSystem, isMissing } from '../disk/file-system.ts';
import { type Layout, segmentFile, taskFile } from '../disk/layout.ts';
import type { Provenance } from '../disk/provenance.ts';
import type { BadFile } from '../disk/quarantine.ts';
import { unusableFolder } from '../disk/safe-folders.ts';
import { milliseconds } from '../disk/slices.ts';
import type { Journal } from '../journal/journal.ts';
import { readStateFile, type StateFile, type StateReading } from '../journal/state-file.ts';
import { tasksOfOriginalState } from './original-state.ts';
import { readTaskFile, type TaskFileReading } from './task-file-reading.ts';
import type { TaskIndex } from './task-index.ts';

/** Milliseconds that files are read in one go. */
const READ_MS = 8;
const MAX_ATTEMPTS = 50;
const PATIENT_ATTEMPTS = 12;

export interface Edits {
  /** Tasks that exist only in the journal; memory has their journal state. */
  readonly known: readonly TaskRecord[];
  /** Tasks that exist only as files; memory has their file state. */
  readonly taken: readonly TaskRecord[];
}

export interface LoadContext {
  readonly fs: FileSystem;
  readonly layout: Layout;
  readonly provenance: Provenance;
  readonly index: TaskIndex;
  readonly journal: Journal;
  /** Returns the empty state to fill; discards everything read so far. */
  readonly begin: () => LoadedRecords;
  /** Called before the journal is read: whether the number of the next task is known, or comes from its first line. */
  readonly numbering: (known: boolean) => void;
  /** Facts about single tasks from the journal. */
  readonly history: () => KeyHistory;
  /** Tasks that lines changed which this store did not write. */
  readonly foreign: () => Iterable<string>;
}

export interface LoadedFiles {
  /** False when there is no store yet. */
  readonly exists: boolean;
  /** Why it cannot be written, if so. */
  readonly readOnly: string | undefined;
  /** True if the reason is a folder that cannot be used, and not a newer version. */
  readonly unusable?: boolean | undefined;
  readonly bad: readonly BadFile[];
  /** Files that were edited manually without a watcher. */
  readonly edits: Edits;
  /** Tasks that the original server wrote and that were not taken over yet. */
  readonly originals: readonly OriginalTask[];
  /** The first segment of a new journal. */
  readonly generation: number;
  /** Segments that are in the task files already and only wait to be removed. */
  readonly leftover: readonly number[];
}

/**
 * Reads a store: task files first, then the journal over them. The journal is opened before the files and read after
 * them, so that every change in a file is also in the part of the journal that is read. A concurrent compaction is
 * detected, and the reading starts over.
 */
export async function loadStore(context: LoadContext): Promise<LoadedFiles> {
  await context.provenance.loadKey();
  const held: Held = { known: new Set(), revisions: new Map() };
  for (let attempt = 1; ; attempt += 1) {
    // Segments that remain missing do not reappear.
    context.journal.bridging = attempt > PATIENT_ATTEMPTS;
    const loaded = await loadOnce(context, context.begin(), held);
    if (loaded !== undefined) return loaded;
    if (attempt === MAX_ATTEMPTS) {
      throw new TaskError('Internal', 'The journal cannot be read: others keep changing it.', {
        next: [textStep(`Look into ${context.layout.journal}; the task files beside it have all tasks.`)],
      });
    }
    // Others compact right now; give them a moment.
    await new Promise((resolve) => setTimeout(resolve, 10 * attempt));
  }
}

async function loadOnce(context: LoadContext, state: LoadedRecords, held: Held): Promise<LoadedFiles | undefined> {
  const { fs, layout, journal } = context;
  const readOnlyFolder = await unusableFolder(fs, layout);
  if (readOnlyFolder !== undefined) {
    await journal.close();
    const edits = { known: [], taken: [] };
    const nothing = { bad: [], edits, originals: [], generation: 1, leftover: [] };
    return { exists: false, readOnly: readOnlyFolder, unusable: true, ...nothing };
  }
  const { segments, foreign } = await segmentsIn(fs, layout, journal);
  const reading = await readStateFile(fs, layout, context.provenance);
  const known: StateFile | undefined = reading.kind === 'ours' ? reading.state : undefined;
  const readOnly = refusalOf(reading);
  const base = known?.generation ?? beginOf(segments);
  const opened = base !== undefined && (await openFirst(journal, base, readOnly === undefined, segments));
  // The previously open segment was removed from the store: changes in it would be lost.
  if (!opened) await journal.close();
  // The journal's first segment is open by now and stays readable, even if it is compacted in the meantime.
  const { tasks, originals, bad, newer, byHand } = await readTasks(context);
  for (const task of tasks.sort((a, b) => a.number - b.number)) {
    const revision = held.revisions.get(task.id);
    if (!held.known.has(task.id)) state.load(revision === undefined ? task : { ...task, revision });
  }
  if (known !== undefined) state.nextNumber = known.next_number;
  context.numbering(known !== undefined);
  if (opened) {
    const read = await journal.read();
    if (read === 'behind' || read === 'gone') return undefined;
  } else if (base !== undefined && !journal.bridging && (await journal.segments()).some((other) => other >= base)) {
    // It was compacted away after it was listed; by now there is a later one.
    return undefined;
  }
  if (!isHeld(held, byHand, context.history())) return undefined;
  const misplaced = withoutTakenNumbers(tasks, state, layout);
  const doubted = context.provenance.origin === 'signed' ? [] : fromOutside(tasks, known, segments, context.history());
  const outside = doubted.filter(({ id }) => state.byId(id) !== undefined);
  return {
    originals: originalsOf(originals, reading, state).filter(({ id }) => !state.isRemoved(id)),
    generation: base ?? 1,
    exists: segments.length > 0 || originals.length > 0 || tasks.length > 0 || reading.kind !== 'none',
    readOnly: readOnly ?? (newer === undefined ? undefined : newerText(newer)),
    edits: {
      known: byHand.filter(({ id }) => held.known.has(id)),
      taken: [...new Set([...[...byHand, ...outside].map(({ id }) => id as string), ...context.foreign()])].flatMap(
        (id) => (held.known.has(id) ? [] : (state.byId(id) ?? [])),
      ),
    },
    bad: [...bad, ...misplaced, ...foreign, ...brokenState(reading, layout)],
    leftover: segments.filter((generation) => generation < (base ?? 0)),
  };
}

/**
 * Tasks of files that a store without signatures did not write: a journal that was never compacted has every task of
 * it. Without this, a file with a valid checksum that git or a person put there would pass for one of the store.
 */
function fromOutside(
  tasks: readonly TaskRecord[],
  state: StateFile | undefined,
  segments: readonly number[],
  history: KeyHistory,
): readonly TaskRecord[] {
  const complete = state === undefined && segments.length === 1 && segments[0] === 1;
  return complete ? tasks.filter(({ id }) => history.last(id) === undefined) : [];
}

/** Findings about manually edited files, which require another full read. */
interface Held {
  /** The journal contains all of these: their files are compared with it. */
  readonly known: Set<string>;
  /** The maximum revision of a file: a higher one was edited in the file, and would hide changes of the journal. */
  readonly revisions: Map<string, number>;
}

function isHeld(held: Held, byHand: readonly TaskRecord[], history: KeyHistory): boolean {
  const before = held.known.size + held.revisions.size;
  for (const { id, revision } of byHand) {
    const last = history.last(id);
    if (history.hasAllOf(id)) held.known.add(id);
    else if (last !== undefined && revision > last) held.revisions.set(id, last);
  }
  return held.known.size + held.revisions.size === before;
}

/** Only a regular file is a segment: a link leads elsewhere, and a pipe waits for ever. */
async function segmentsIn(
  fs: FileSystem,
  layout: Layout,
  journal: Journal,
): Promise<{ segments: number[]; foreign: BadFile[] }> {
  const segments: number[] = [];
  const foreign: BadFile[] = [];
  for (const generation of await journal.segments()) {
    const file = segmentFile(layout, generation);
    try {
      if ((await fs.lstat(file)).isFile()) segments.push(generation);
      else foreign.push({ file, reason: 'not a regular file' });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return { segments, foreign };
}

function refusalOf(reading: StateReading): string | undefined {
  if (reading.kind === 'newer') return newerText(reading.version);
  return reading.kind === 'unreadable' ? `state.json cannot be read: ${reading.reason}` : undefined;
}

/** An invalid `state.json` is moved to quarantine like any other file: its content is rebuilt from the rest. */
function brokenState(reading: StateReading, layout: Layout): BadFile[] {
  const broken = reading.kind === 'foreign' && tasksOfOriginalState(reading.value) === undefined;
  return broken ? [{ file: layout.stateFile, reason: reading.reason }] : [];
}

/** Without `state.json`: segments before a gap were compacted, and only not removed yet. */
function beginOf(segments: readonly number[]): number | undefined {
  return segments.findLast((generation) => !segments.includes(generation - 1));
}

/** A task of the journal keeps its number; a foreign file with that number gets another one. */
function withoutTakenNumbers(tasks: readonly TaskRecord[], state: LoadedRecords, layout: Layout): BadFile[] {
  return tasks.flatMap((task) => {
    const holder = state.byNumber(task.number);
    if (holder === undefined || holder.id === task.id || state.byId(task.id) === undefined) return [];
    state.unload(task);
    return [{ file: taskFile(layout, task.id), reason: `has the number of ${holder.id}` }];
  });
}

/** Files first; of the server's `state.json`, which lags behind them, only tasks that have no file. */
function originalsOf(files: readonly OriginalTask[], reading: StateReading, state: LoadedRecords): OriginalTask[] {
  const found = new Map<string, OriginalTask>();
  const inState = (reading.kind === 'foreign' ? tasksOfOriginalState(reading.value) : undefined) ?? [];
  for (const task of [...inState, ...files]) found.set(task.id, task);
  return [...found.values()].filter((task) => state.byId(task.id) === undefined);
}

/** A missing segment was compacted in the meantime. If segments remain missing, they are lost. */
async function openFirst(
  journal: Journal,
  base: number,
  writable: boolean,
  segments: readonly number[],
): Promise<boolean> {
  if (await journal.openSegment(base, writable)) return true;
  const later = segments.find((generation) => generation > base);
  return journal.bridging && later !== undefined && journal.openSegment(later, writable);
}

async function readTasks({ fs, layout, provenance, index }: LoadContext): Promise<ReadTasks> {
  await index.load();
  const names = (await namesIn(fs, layout.tasks)).filter((name) => !name.startsWith('.'));
  const read: ReadTasks = { tasks: [], originals: [], bad: [], byHand: [], newer: undefined };
  let rested = milliseconds();
  for (const name of names) {
    const id = name.slice(0, -'.json'.length);
    const look = index.isUsable ? fs.lookSync(taskFile(layout, id)) : undefined;
    const indexed = look && index.find(id, look);
    const reading = indexed === undefined ? readTaskFile({ fs, layout, provenance }, name) : asWritten(indexed);
    if (look !== undefined && reading?.kind === 'task' && !reading.byHand) index.read(reading.task, look);
    if (reading?.kind === 'task') read.tasks.push(reading.task);
    if (reading?.kind === 'task' && reading.byHand) read.byHand.push(reading.task);
    if (reading?.kind === 'original') read.originals.push(reading.task);
    else if (reading?.kind === 'bad') read.bad.push(reading.bad);
    else if (reading?.kind === 'newer') read.newer = reading.version;
    if (milliseconds() - rested < READ_MS) continue;
    // Others in this process have their turn: it may be the editor's host of extensions.
    await new Promise((resolve) => setImmediate(resolve));
    rested = milliseconds();
  }
  return { ...read, tasks: withoutDoubleNumbers(read, layout) };
}

function asWritten(task: TaskRecord): TaskFileReading {
  return { kind: 'task', task, byHand: false };
}

interface ReadTasks {
  readonly tasks: TaskRecord[];
  /** The tasks that the store did not write like this. */
  readonly byHand: TaskRecord[];
  readonly originals: OriginalTask[];
  readonly bad: BadFile[];
  newer: number | undefined;
}

/**
 * Two files with one number, such as a manual copy. A file written by the store keeps the number, otherwise the first
 * one.
 */
function withoutDoubleNumbers({ tasks, byHand, bad }: ReadTasks, layout: Layout): TaskRecord[] {
  if (new Set(tasks.map(({ number }) => number)).size === tasks.length) return tasks;
  const strange = new Set<string>(byHand.map(({ id }) => id));
  const byNumber = new Map<number, TaskRecord>();
  const rank = (task: TaskRecord): string => `${strange.has(task.id) ? 1 : 0}${task.created_at}`;
  for (const task of tasks.sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0))) {
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
