import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { MAX_TASK_NUMBER } from '../../../core/task/number.ts';
import { SCHEMA_VERSION } from '../../../core/task/schema.ts';
import type { Disk } from '../disk/disk.ts';
import { type FileSystem, isMissing, syncFolder } from '../disk/file-system.ts';
import type { Layout } from '../disk/layout.ts';
import type { Provenance } from '../disk/provenance.ts';

/** The original server kept all tasks in it. */
const MAX_STATE_FILE = 256 * 1024 * 1024;
/** As many digits as the name of a segment has at most. */
const MAX_GENERATION = 999_999_999_999;

/** `state.json`: data outside the task files. Written when a segment of the journal is compacted. */
export interface StateFile {
  readonly schema_version: number;
  /** The first segment of the journal that is not yet in the task files. */
  readonly generation: number;
  /** The number of the next task, as of the beginning of that segment. */
  readonly next_number: number;
  readonly saved_at?: string | undefined;
  readonly tasks?: number | undefined;
}

export type StateReading =
  | { readonly kind: 'none' }
  | { readonly kind: 'ours'; readonly state: StateFile }
  /** Written by a newer version of the product. */
  | { readonly kind: 'newer'; readonly version: number }
  /** The disk cannot read it, so its content is unknown. */
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'foreign'; readonly reason: string; readonly value?: unknown };

export async function readStateFile(fs: FileSystem, layout: Layout, provenance: Provenance): Promise<StateReading> {
  let value: unknown;
  try {
    const read = fs.readRegularSync(layout.stateFile, MAX_STATE_FILE);
    if (read.kind !== 'text') return { kind: 'foreign', reason: `not a text file of at most ${MAX_STATE_FILE} bytes` };
    value = JSON.parse(read.text);
  } catch (error) {
    if (isMissing(error)) return { kind: 'none' };
    if (!(error instanceof SyntaxError)) return { kind: 'unreadable', reason: (error as Error).message };
    return { kind: 'foreign', reason: `not JSON: ${error.message}` };
  }
  const version = (value as { schema_version?: unknown } | null)?.schema_version;
  if (typeof version === 'number' && version > SCHEMA_VERSION) return { kind: 'newer', version };
  const fault = faultOf(value);
  if (fault !== undefined) return { kind: 'foreign', reason: fault, value };
  // A foreign one could name a segment that makes the store drop its own. The signature is of the text without indents.
  if (!provenance.vouchesFor(JSON.stringify(value))) return { kind: 'foreign', reason: 'not of this store' };
  return { kind: 'ours', state: value as StateFile };
}

/** Checked without a schema, because each process reads this file. @returns what is wrong with it */
function faultOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'not an object';
  const { schema_version, generation, next_number, saved_at, tasks } = value as Readonly<Record<string, unknown>>;
  if (!Number.isSafeInteger(schema_version)) return 'schema_version is not a whole number';
  if (!isWithin(generation, MAX_GENERATION)) return `generation is not a number from 1 to ${MAX_GENERATION}`;
  if (!isWithin(next_number, MAX_TASK_NUMBER)) return `next_number is not a number from 1 to ${MAX_TASK_NUMBER}`;
  if (saved_at !== undefined && typeof saved_at !== 'string') return 'saved_at is not a text';
  return tasks === undefined || Number.isSafeInteger(tasks) ? undefined : 'tasks is not a whole number';
}

function isWithin(value: unknown, most: number): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= most;
}

/**
 * Replaces the file atomically and durably. It is staged in the folder of the segment that it names, so that a process
 * that slept until that one was compacted as well cannot put it back to an older one.
 */
export async function writeStateFile(
  { fs, layout, provenance }: Pick<Disk, 'fs' | 'layout' | 'provenance'>,
  staging: string,
  state: StateFile,
): Promise<void> {
  const staged = join(staging, `state.${process.pid}.${randomUUID().slice(0, 8)}`);
  const handle = await fs.open(staged, 'w');
  try {
    await handle.writeFile(`${JSON.stringify(JSON.parse(provenance.signed(JSON.stringify(state))), null, 2)}\n`);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await fs.rename(staged, layout.stateFile);
  await syncFolder(fs, layout.state);
}
