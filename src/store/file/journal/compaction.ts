import { randomUUID } from 'node:crypto';
import { SCHEMA_VERSION } from '../../../core/task/schema.ts';
import { type FileSystem, isMissing, removeIfThere, syncFolder } from '../disk/file-system.ts';
import { type Layout, segmentFile, stagingFolder } from '../disk/layout.ts';
import type { Provenance } from '../disk/provenance.ts';
import { readStateFile, writeStateFile } from './state-file.ts';

/** A segment that has ended, with the data needed to release it. */
export interface SealedSegment {
  readonly generation: number;
  readonly touched: readonly string[];
  /** The next number when the segment ended. */
  readonly nextNumber: number;
  /** Whether this process sealed it, or the sealing process is unknown. */
  readonly mine: boolean;
}

export interface CompactionContext {
  readonly fs: FileSystem;
  readonly layout: Layout;
  readonly provenance: Provenance;
  /** Makes the files of these tasks durable. */
  readonly settleFiles: (ids: readonly string[]) => Promise<void>;
  readonly segments: () => Promise<number[]>;
  /** Name of the staging folder of the segment after a given one. */
  readonly stagingAfter: (generation: number) => string;
  /** Applies the journal to the log and archive of a task, unless that is done. */
  readonly settle: (id: string) => Promise<void>;
  readonly now: () => string;
  readonly count: () => number;
}

/**
 * Releases a sealed segment: removes its staging folder, so that no process can write outdated content; makes the files
 * of all changed tasks durable; records the new start of the journal in `state.json`; removes the segment. Each step is
 * idempotent and safe in several processes at once; after a crash the next opener repeats it. Segments are released in
 * order, never past one that is still needed.
 */
export async function compact(context: CompactionContext, segment: SealedSegment, first: number): Promise<void> {
  const { fs, layout } = context;
  const { generation } = segment;
  const known = await readStateFile(fs, layout, context.provenance);
  const begin = known.kind === 'ours' ? known.state.generation : first;
  if (known.kind === 'newer' || known.kind === 'unreadable') throw new Error('state.json is not understood.');
  if ((await context.segments()).some((other) => other >= begin && other < generation)) {
    throw new Error(`Segment ${begin} of the journal has to be compacted first.`);
  }
  if (begin <= generation) {
    await takeAway(fs, layout, generation);
    await context.settleFiles(segment.touched);
    for (const id of segment.touched) await context.settle(id);
    await syncFolder(fs, layout.tasks);
    await note(context, segment);
  }
  // Also when another process did the rest: it may have died before this.
  await syncFolder(fs, layout.state);
  await removeIfThere(fs, segmentFile(layout, generation));
  await syncFolder(fs, layout.journal);
}

async function note(context: CompactionContext, { generation, nextNumber }: SealedSegment): Promise<void> {
  const { fs, layout } = context;
  try {
    await writeStateFile(context, stagingFolder(layout, context.stagingAfter(generation)), {
      schema_version: SCHEMA_VERSION,
      generation: generation + 1,
      next_number: nextNumber,
      saved_at: context.now(),
      tasks: context.count(),
    });
  } catch (error) {
    // The next segment is compacted as well by now: another process did all of this.
    const known = await readStateFile(fs, layout, context.provenance);
    if (known.kind !== 'ours' || known.state.generation <= generation || !isMissing(error)) throw error;
  }
}

/** Removes the staging folders of this segment and of earlier ones, including unused ones. */
async function takeAway(fs: FileSystem, layout: Layout, generation: number): Promise<void> {
  const names = await fs.readdir(layout.staging).catch((error) => {
    if (isMissing(error)) return [];
    throw error;
  });
  for (const name of names) {
    const folder = stagingFolder(layout, name);
    const gone = name.endsWith('.gone');
    if (!gone && !(Number.parseInt(name, 10) <= generation)) continue;
    const aside = gone ? folder : `${folder}.${randomUUID().slice(0, 8)}.gone`;
    try {
      if (!gone) await fs.rename(folder, aside);
      await fs.rm(aside, { recursive: true, force: true });
    } catch (error) {
      // Another process compacts as well.
      if (!isMissing(error)) throw error;
    }
  }
}
