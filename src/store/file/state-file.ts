import { join } from 'node:path';
import { z } from 'zod';
import { SCHEMA_VERSION } from '../../core/task/schema.ts';
import { type FileSystem, isMissing, syncFolder } from './file-system.ts';
import { type Layout, stagingFolder } from './layout.ts';

/** `state.json`: what the task files do not say. Written when a segment of the journal is compacted. */
const stateFileSchema = z.looseObject({
  schema_version: z.number().int(),
  /** The first segment of the journal that is not yet in the task files. */
  generation: z.number().int().positive(),
  /** The number of the next task, as of the beginning of that segment. */
  next_number: z.number().int().positive(),
  saved_at: z.string().optional(),
  tasks: z.number().int().optional(),
});

export type StateFile = z.infer<typeof stateFileSchema>;

export type StateReading =
  | { readonly kind: 'none' }
  | { readonly kind: 'ours'; readonly state: StateFile }
  /** Written by a newer version of the product. */
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'foreign'; readonly reason: string; readonly value?: unknown };

export async function readStateFile(fs: FileSystem, layout: Layout): Promise<StateReading> {
  let value: unknown;
  try {
    value = JSON.parse(await fs.readFile(layout.stateFile, 'utf8'));
  } catch (error) {
    if (isMissing(error)) return { kind: 'none' };
    return { kind: 'foreign', reason: `cannot be read: ${(error as Error).message}` };
  }
  const version = (value as { schema_version?: unknown } | null)?.schema_version;
  if (typeof version === 'number' && version > SCHEMA_VERSION) return { kind: 'newer', version };
  const parsed = stateFileSchema.safeParse(value);
  if (parsed.success) return { kind: 'ours', state: parsed.data };
  return { kind: 'foreign', reason: parsed.error.issues[0]?.message ?? 'wrong shape', value };
}

/**
 * Replaces the file atomically and durably. It is staged like a task file, so that a process that slept through the
 * compaction of its generation cannot put it back to an older one.
 */
export async function writeStateFile(fs: FileSystem, layout: Layout, state: StateFile): Promise<void> {
  const staged = join(stagingFolder(layout, state.generation), `state.${process.pid}`);
  const handle = await fs.open(staged, 'w');
  try {
    await handle.writeFile(`${JSON.stringify(state, null, 2)}\n`);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await fs.rename(staged, layout.stateFile);
  await syncFolder(fs, layout.state);
}
