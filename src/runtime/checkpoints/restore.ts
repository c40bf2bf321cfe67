import { TaskError } from '../../core/errors.ts';
import { operationStep, shellStep } from '../../core/next-step.ts';
import { checkpointRef, noteRestored } from '../../core/task/checkpoint.ts';
import type { Checkpoint } from '../../core/task/checkpoint-schema.ts';
import { newPartId } from '../../core/task/id.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace } from '../../core/task/workspace.ts';
import { ownIdentity } from '../../machine/identity.ts';
import { changedPaths } from '../worktrees/combine.ts';
import { ensureWorktree } from '../worktrees/create.ts';
import { fetchCommit } from '../worktrees/fetch-result.ts';
import { fillWorktree } from '../worktrees/fill.ts';
import { openReview, type WorktreeContext } from '../worktrees/review.ts';
import { withSnapshot } from '../worktrees/snapshot.ts';
import { keepCheckpoint } from './create.ts';
import { addInTheWay, goalTree } from './goal.ts';
import { type Place, placeOf } from './place.ts';

export interface Restored {
  readonly checkpoint: Checkpoint;
  /** A checkpoint of the files before the restore, to undo it; undefined if they were the same. */
  readonly before: Checkpoint | undefined;
  /** Restored paths in the repository. */
  readonly files: readonly string[];
}

/** Longer than a git call; the holding process is checked anyway. */
const LEASE_MS = 15 * 60_000;

/**
 * Restores the files of a task from a checkpoint, after saving the current ones. Index, branch and HEAD stay. A restore
 * that was killed at any step can be repeated: the previous state is saved by then, or no file was changed.
 *
 * @throws TaskError `TaskRunning` while an agent has the task, `RestoreRefused` if its folder does not exist
 */
export async function restoreCheckpoint(
  context: WorktreeContext,
  taskId: string,
  checkpoint: Checkpoint,
): Promise<Restored> {
  const holder = newPartId('restore');
  const task = await hold(context, taskId, holder);
  try {
    const restored =
      checkpoint.commit === undefined
        ? { before: undefined, files: [] }
        : await restoreFiles(context, task, checkpoint, checkpoint.commit);
    await context.store.transact('task.restore', (draft) => {
      const current = draft.require(taskId);
      draft.patch(taskId, noteRestored(checkpoint));
      const what =
        checkpoint.commit === undefined
          ? 'the conversation alone'
          : `${restored.files.length} ${restored.files.length === 1 ? 'file' : 'files'}`;
      const message = `Restored checkpoint ${checkpoint.number} (${what}): ${checkpoint.message}`;
      draft.log(current.id, {
        message,
        metadata: { source: 'checkpoint', files: [...restored.files].slice(0, 1_000) },
      });
    });
    return { checkpoint, ...restored };
  } finally {
    await context.store.transact('task.restore.end', (draft) => {
      if (draft.byId(taskId)?.lease?.worker === holder) draft.patch(taskId, { lease: undefined });
    });
  }
}

/** Prevents a start of the task in the meantime. A killed holder is recovered like a lost worker. */
async function hold(context: WorktreeContext, taskId: string, holder: string): Promise<TaskRecord> {
  return context.store.transact('task.restore.begin', (draft) => {
    const task = draft.require(taskId);
    if (task.lease !== undefined || task.status === 'in_progress') {
      throw new TaskError(
        'TaskRunning',
        `#${task.number} is being worked on; its files are not put back under its agent.`,
        {
          next: [
            operationStep('Pause it first', 'task.pause', { tasks: [task.number] }),
            operationStep('Or cancel it', 'task.cancel', { tasks: [task.number] }),
          ],
        },
      );
    }
    // Recovery skips pending tasks, and an unqueued one does not change anyway.
    if (task.status !== 'pending') {
      const expires = new Date(Date.parse(draft.at) + LEASE_MS).toISOString();
      draft.patch(taskId, { lease: { worker: holder, ...ownIdentity(), expires_at: expires } });
    } else if (task.queued_at !== undefined) {
      throw new TaskError('TaskRunning', `#${task.number} is about to start.`, {
        next: [operationStep('Cancel it first', 'task.cancel', { tasks: [task.number] })],
      });
    }
    return task;
  });
}

async function restoreFiles(
  context: WorktreeContext,
  task: TaskRecord,
  checkpoint: Checkpoint,
  commit: string,
): Promise<Pick<Restored, 'before' | 'files'>> {
  const place = await requirePlace(context, task, checkpoint);
  // A worker on another machine may have made it.
  if (context.store.coordination.isShared) {
    const ref = checkpointRef(task.id, checkpoint.number);
    await fetchCommit(context, place, task, ref, commit).catch((error: unknown) => {
      context.logger.warn(`Checkpoint ${checkpoint.number} could not be fetched.`, error);
    });
  }
  if ((await place.git.commit(commit)) === undefined) {
    throw new TaskError('RestoreRefused', `Git no longer has the files of checkpoint ${checkpoint.number}.`, {
      next: [operationStep('List the other checkpoints', 'task.checkpoints', { task: task.number })],
    });
  }
  return withSnapshot(place.git, place.except, async (aside) => {
    const now = await aside.text(['write-tree']);
    const goal = await goalTree(aside, place, now, commit);
    const files = await changedPaths(aside, now, goal);
    if (files.length === 0) return { before: undefined, files };
    const full = (await addInTheWay(aside, now, goal)) ? await aside.text(['write-tree']) : now;
    const message = `Before checkpoint ${checkpoint.number} was restored`;
    const before = await keepCheckpoint(
      context,
      task,
      { kind: 'before-restore', message, spare: checkpoint.number },
      { git: place.git, tree: full },
    );
    // Git checks every file before it changes one, so that a concurrent change is not lost.
    await aside.try(['update-index', '-q', '--refresh']);
    await aside.text(['read-tree', '-m', '-u', '--no-recurse-submodules', full, goal]);
    return { before, files };
  });
}

async function requirePlace(context: WorktreeContext, task: TaskRecord, checkpoint: Checkpoint): Promise<Place> {
  const found = await placeOf(context, task);
  if (!('reason' in found)) return found;
  const open = openWorkspace(task);
  if (found.gone === 'worktree' && open !== undefined) {
    const { repository } = await openReview(context, task);
    const folder = await ensureWorktree(repository, open, { hasWork: true, logger: context.logger });
    await fillWorktree(context, repository, task, folder);
    const again = await placeOf(context, task);
    if (!('reason' in again)) return again;
  }
  throw new TaskError('RestoreRefused', `The files of #${task.number} cannot be put back: ${found.reason}.`, {
    next: [
      shellStep(
        'Check the files out into another folder',
        `git worktree add FOLDER ${checkpointRef(task.id, checkpoint.number)}`,
      ),
    ],
  });
}
