import { TaskError } from '../errors.ts';
import { operationStep } from '../next-step.ts';
import type { Checkpoint } from './checkpoint-schema.ts';
import { isTerminal, type TaskPatch } from './lifecycle.ts';
import type { TaskRecord } from './schema.ts';
import { requestStart, restart } from './start.ts';

/** The limit of manual checkpoints of a task, which programs can create, too. */
const MAX_MANUAL = 200;

export const CHECKPOINT_MINUTES = 10;
export const CHECKPOINTS_KEPT = 20;

type Holder = Pick<TaskRecord, 'id' | 'number' | 'checkpoints'>;

/** Keeps the commit of a checkpoint. */
export function checkpointRef(taskId: string, number: number): string {
  return `${checkpointRefs(taskId)}${number}`;
}

export function checkpointRefs(taskId: string): string {
  return `refs/systemprompt/checkpoints/${taskId}/`;
}

/** Higher than any that was ever given: the latest is never pruned. */
export function nextCheckpoint(task: Pick<TaskRecord, 'checkpoints'>): number {
  return Math.max(0, ...(task.checkpoints ?? []).map(({ number }) => number)) + 1;
}

/** The latest checkpoint. */
export function latestCheckpoint(task: Pick<TaskRecord, 'checkpoints'>): Checkpoint | undefined {
  return (task.checkpoints ?? []).reduce<Checkpoint | undefined>(
    (latest, checkpoint) => (latest === undefined || checkpoint.number > latest.number ? checkpoint : latest),
    undefined,
  );
}

/** The checkpoint with this number, or the latest that a person or the clock made. */
export function findCheckpoint(task: Holder, number?: number): Checkpoint {
  const all = task.checkpoints ?? [];
  const found =
    number === undefined
      ? // Going back twice in a row is to go further back, not to and fro.
        (latestCheckpoint({ checkpoints: all.filter(({ kind }) => kind !== 'before-restore') }) ??
        latestCheckpoint(task))
      : all.find((checkpoint) => checkpoint.number === number);
  if (found !== undefined) return found;
  const which = number === undefined ? 'no checkpoint' : `no checkpoint ${number}`;
  throw new TaskError('CheckpointNotFound', `#${task.number} has ${which}.`, {
    next: [
      all.length === 0
        ? operationStep('Create one', 'task.checkpoint', { task: task.number })
        : operationStep('List its checkpoints', 'task.checkpoints', { task: task.number }),
    ],
  });
}

/** The task with one more checkpoint, and without those that are too many; `spare` is not among them. */
export function addCheckpoint(
  task: Pick<TaskRecord, 'checkpoints'>,
  checkpoint: Checkpoint,
  keep: number,
  spare?: number,
): { readonly patch: TaskPatch; readonly pruned: readonly Checkpoint[] } {
  const all = [...(task.checkpoints ?? []), checkpoint].sort((a, b) => a.number - b.number);
  const pruned = toPrune(all, keep).filter(({ number }) => number !== spare);
  return { patch: { checkpoints: all.filter((each) => !pruned.includes(each)) }, pruned };
}

/** The oldest automatic checkpoints beyond the limit. The limit of manual ones is much higher. */
function toPrune(checkpoints: readonly Checkpoint[], keep: number): Checkpoint[] {
  const newestFirst = checkpoints.toSorted((a, b) => b.number - a.number);
  const manual = newestFirst.filter(({ kind }) => kind === 'manual').slice(MAX_MANUAL);
  const own = newestFirst.filter(({ kind }) => kind !== 'manual').slice(Math.max(1, keep));
  return [...manual, ...own];
}

/** Notes restored files for the next run. */
export function noteRestored(checkpoint: Checkpoint): TaskPatch {
  const { number, message, session_id: session, progress } = checkpoint;
  return {
    progress,
    restored: { checkpoint: number, message, ...(session === undefined ? {} : { session_id: session }) },
  };
}

/** The session of a checkpoint of the task in its current state. A script has no session to resume. */
export function sessionOf(task: Pick<TaskRecord, 'executions'>): string | undefined {
  const last = task.executions.at(-1);
  return last?.resumable === false ? undefined : last?.session_id;
}

/** Starts a task again from a checkpoint that was restored: with its conversation, also when it had ended. */
export function resumeRestored(task: TaskRecord, checkpoint: Checkpoint, at: string): TaskPatch {
  if (!isTerminal(task.status)) return requestStart(task, at);
  return { ...restart(task, at), ...noteRestored(checkpoint) };
}
