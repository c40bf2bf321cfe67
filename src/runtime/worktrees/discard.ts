import { existsSync } from 'node:fs';
import { TaskError } from '../../core/errors.ts';
import { operationStep, shellStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { named } from './combine.ts';
import { taskChanges } from './diff.ts';
import { keepFor30Days, removeWorktree } from './remove.ts';
import { branchRef, registered } from './repository.ts';
import { openReview, requireAtRest, reviewTip, type WorktreeContext } from './review.ts';

/**
 * Discards a task's work: removes the worktree and its branch, and keeps everything under a ref for 30 days.
 *
 * @throws TaskError `NotConfirmed` with the work to be lost
 */
export async function discardTask(
  context: WorktreeContext,
  task: TaskRecord,
  confirmed: boolean,
): Promise<{ ref: string | undefined; files: string[] }> {
  requireAtRest(task);
  if (task.lease !== undefined) {
    throw new TaskError('TaskRunning', `The session of #${task.number} is open.`, {
      next: [
        operationStep('Complete it first', 'task.complete', { tasks: [task.number] }),
        operationStep('Or cancel it', 'task.cancel', { tasks: [task.number] }),
      ],
    });
  }
  const review = await openReview(context, task);
  const { repository, workspace, folder } = review;
  const there = existsSync(folder);
  const gone = !there && (await repository.git.commit(branchRef(workspace))) === undefined;
  const files = gone ? [] : (await taskChanges(context, task, { detail: 'count' })).files.map((file) => file.path);
  // Without changes nothing is lost.
  if (!confirmed && files.length > 0) {
    const what = `${files.length} changed ${files.length === 1 ? 'file' : 'files'}`;
    throw new TaskError('NotConfirmed', `This discards ${what} of #${task.number}: ${named(files)}.`, {
      next: [
        operationStep('Show them', 'task.diff', { task: task.number }),
        operationStep('Discard them', 'task.discard', { task: task.number, yes: true }),
      ],
      details: { files },
    });
  }
  const locked = (await registered(repository, folder))?.locked;
  if (there && locked !== undefined && locked !== 'initializing') {
    throw new TaskError('MergeRefused', `${folder} is locked${locked === '' ? '' : `: ${locked}`}.`, {
      next: [shellStep('Unlock it first', `git worktree unlock "${folder}"`)],
    });
  }
  const tip = gone ? undefined : await reviewTip(review, task);
  const ref = tip === undefined ? undefined : await keepFor30Days(repository, task.number, tip);
  // Recorded after the ref exists and before any removal: after a crash, cleaning treats it as discarded.
  await context.store.transact('task.discard', (draft) => {
    const current = draft.byId(task.id);
    if (current?.workspace === undefined) return;
    const workspace = ref === undefined ? undefined : { ...current.workspace, discarded_ref: ref };
    draft.patch(task.id, { workspace });
    const kept = ref === undefined ? '' : `; ${ref} keeps them for 30 days`;
    const message = `Discarded ${files.length} changed ${files.length === 1 ? 'file' : 'files'}${kept}`;
    draft.log(task.id, { message, metadata: { source: 'worktree', files } });
  });
  await removeWorktree(repository, workspace);
  return { ref, files };
}
