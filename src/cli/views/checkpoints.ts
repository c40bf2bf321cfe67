import type { z } from 'zod';
import type { Checkpoint } from '../../core/task/checkpoint-schema.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { taskCheckpoint } from '../../operations/checkpoint/checkpoint.ts';
import type { taskCheckpoints } from '../../operations/checkpoint/checkpoints.ts';
import type { taskRestore } from '../../operations/checkpoint/restore.ts';
import { clock } from '../terminal/time.ts';
import { taskName } from './changed.ts';

const WITHOUT_FILES = 'the conversation alone: no git keeps its files';

export function keptView({ checkpoint, ...task }: z.output<typeof taskCheckpoint.output>): string {
  const what = checkpoint.commit === undefined ? ` (${WITHOUT_FILES})` : '';
  return `Checkpoint ${checkpoint.number} of ${taskName(task)}${what}: ${sanitizeLine(checkpoint.message)}`;
}

export function checkpointsView(output: z.output<typeof taskCheckpoints.output>, now: number): string {
  if (output.checkpoints.length === 0) return `${taskName(output)} has no checkpoint.`;
  return [taskName(output), ...checkpointLines(output, now)].join('\n');
}

export function restoredView({ task, checkpoint, before, files }: z.output<typeof taskRestore.output>): string {
  const name = `checkpoint ${checkpoint.number} of ${taskName(task)}`;
  if (checkpoint.commit === undefined) return `Restored ${name}: ${WITHOUT_FILES}.`;
  if (before === null) return `The files are as ${name} has them already.`;
  const what = `${files.length} ${files.length === 1 ? 'file' : 'files'}`;
  return `Restored ${name}: ${what}.\nTo undo it: systemprompt task restore ${task.number} ${before.number}`;
}

/** One line a checkpoint, the latest last. */
export function checkpointLines({ checkpoints = [] }: Pick<TaskRecord, 'checkpoints'>, now: number): string[] {
  return checkpoints.map((checkpoint) => `  ${checkpoint.number}. ${words(checkpoint, now)}`);
}

function words(checkpoint: Checkpoint, now: number): string {
  const made = checkpoint.kind === 'manual' ? '' : `  (${checkpoint.kind})`;
  const without = checkpoint.commit === undefined ? `  (${WITHOUT_FILES})` : '';
  return `${clock(checkpoint.at, now)}  ${sanitizeLine(checkpoint.message)}${made}${without}`;
}
