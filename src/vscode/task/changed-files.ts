import { visibleLine } from '../../core/text/visible.ts';
import type { ChangedFile } from '../../webviews/task/protocol.ts';
import { errorWords } from '../feedback/errors.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';

/** Files that the page lists; the diff editor shows all. */
const SHOWN = 500;

/** The changed files of a task with their changed lines. */
export async function changedFiles(folder: TaskFolder, task: string): Promise<{ files: ChangedFile[] }> {
  const files = await operate(folder, 'task.diff', { task, stat: true }).then(
    (changes) => changes.files,
    (error) => {
      // A task that changed nothing leaves no worktree.
      if (errorWords(error).code === 'NothingToReview') return [];
      throw error;
    },
  );
  return {
    files: files.slice(0, SHOWN).map(({ path, added, deleted }) => ({ path, name: visibleLine(path), added, deleted })),
  };
}
