import { randomUUID } from 'node:crypto';
import { SCHEMA_VERSION } from '../../core/task/schema.ts';
import { type FileSystem, isMissing, syncFolder } from './file-system.ts';
import { type Layout, segmentFile, stagingFolder } from './layout.ts';
import { readStateFile, writeStateFile } from './state-file.ts';
import { removeIfThere, type TaskFileWriter } from './task-files.ts';

/** A segment that has ended, with what is needed to let go of it. */
export interface SealedSegment {
  readonly generation: number;
  readonly touched: readonly string[];
  /** The next number when the segment ended. */
  readonly nextNumber: number;
}

export interface CompactionContext {
  readonly fs: FileSystem;
  readonly layout: Layout;
  readonly files: TaskFileWriter;
  /** Does to log and archive of a task what the journal says of it, unless that is done. */
  readonly settle: (id: string) => Promise<void>;
  readonly now: () => string;
  readonly count: () => number;
}

/**
 * Lets go of a sealed segment: takes its staging folder away, so that nobody can still write what they knew then;
 * makes the files of all tasks that it changed durable; notes in `state.json` where the journal now begins; removes the
 * segment. Each step can be done twice and by several processes at once; after a crash the next opener does it again.
 */
export async function compact(context: CompactionContext, segment: SealedSegment): Promise<void> {
  const { fs, layout, files } = context;
  const known = await readStateFile(fs, layout);
  if (known.kind === 'ours' && known.state.generation > segment.generation) return;
  await takeAway(fs, stagingFolder(layout, segment.generation));
  await files.settle(segment.touched);
  for (const id of segment.touched) await context.settle(id);
  await syncFolder(fs, layout.tasks);
  await writeStateFile(fs, layout, {
    schema_version: SCHEMA_VERSION,
    generation: segment.generation + 1,
    next_number: segment.nextNumber,
    saved_at: context.now(),
    tasks: context.count(),
  });
  await removeIfThere(fs, segmentFile(layout, segment.generation));
  await syncFolder(fs, layout.journal);
}

async function takeAway(fs: FileSystem, folder: string): Promise<void> {
  const aside = `${folder}.${randomUUID().slice(0, 8)}.gone`;
  try {
    await fs.rename(folder, aside);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  await fs.rm(aside, { recursive: true, force: true });
}
