import path from 'node:path';
import type { TaskRecord } from '../../core/task/schema.ts';
import { worktreePath } from '../../core/task/work-path.ts';
import { openWorkspace } from '../../core/task/workspace.ts';

interface WorktreeFile {
  readonly task: TaskRecord;
  /** Path in the repository. */
  readonly file: string;
}

/** The task of a folder in whose open worktree a file is, wherever its worktrees are. */
export function worktreeFile(
  folder: string,
  byNumber: (number: number) => TaskRecord | undefined,
  place: string,
): WorktreeFile | undefined {
  // The folder of a worktree begins with the number of its task.
  for (const [, number] of place.matchAll(/[\\/](\d+)-/g)) {
    const task = byNumber(Number(number));
    const workspace = task && openWorkspace(task);
    if (task === undefined || workspace === undefined) continue;
    const inside = path.relative(worktreePath(folder, workspace), place);
    const parts = inside.split(path.sep);
    if (inside !== '' && parts[0] !== '..' && !path.isAbsolute(inside)) return { task, file: parts.join('/') };
  }
  return undefined;
}
