import { TaskError } from '../../core/errors.ts';
import { sourceOf } from '../../core/plan/match.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { TaskStore } from '../../store/task-store.ts';
import { gh, repositoryName } from './gh.ts';

/** Without the number and the title of the task: GitHub would link numbers, and notify the people whom a title names. */
const COMMENT = 'The task for this issue is completed.';

/**
 * Closes the issue of a completed task, with a comment. Several processes see the completion; the first one to record it in the
 * task closes the issue, and no later one does so again. A failure is a line in the log of the task.
 *
 * @returns true if this process has closed the issue
 */
export async function closeIssue(store: TaskStore, { id, ...task }: TaskRecord): Promise<boolean> {
  const place = sourceOf(task);
  // The metadata of a task is untrusted.
  if (place?.tool !== 'github' || !repositoryName.test(place.file ?? '') || !/^\d{1,9}$/.test(place.id ?? '')) {
    return false;
  }
  const [issue = '', repository = ''] = [place.id, place.file];
  const mine = await store.transact('plan.close-issue', (draft) => {
    const current = draft.require(id);
    if (current.metadata['issue_closed'] !== undefined) return false;
    draft.patch(id, { metadata: { ...current.metadata, issue_closed: draft.at } });
    return true;
  });
  if (!mine) return false;
  const args = ['issue', 'close', issue, '--repo', repository, '--reason', 'completed', '--comment', COMMENT];
  try {
    await gh(store.folder, args);
    await store.addLog(id, `Closed issue #${issue} of ${repository}.`);
    return true;
  } catch (error) {
    const { message } = TaskError.from(error);
    await store.addLog(id, `Issue #${issue} of ${repository} was not closed: ${message}`, 'warn');
    return false;
  }
}
