import { type Need, needOf } from '../../core/task/needs.ts';
import type { TaskRecord, TaskStatus } from '../../core/task/schema.ts';
import { folderStanding } from './folder-standing.ts';
import { TaskFacts } from './task-facts.ts';
import type { TaskFolder } from './task-folder.ts';
import type { TaskFolders } from './task-folders.ts';

/** The tasks of a folder that need a person, with the reason, by id. */
export type Needing = ReadonlyMap<string, Need>;

/** The statuses of tasks that can need a person. */
const statuses: readonly TaskStatus[] = ['pending', 'in_progress', 'paused', 'completed_active', 'completed', 'failed'];

/**
 * The tasks of all folders that need a person. The group on top of the tree, the badge and the status bar read it, so
 * they always agree.
 */
export class NeedingTasks extends TaskFacts<Need> {
  constructor(folders: TaskFolders) {
    super(folders, statuses, needIn);
  }

  get count(): number {
    return [...this.all].reduce((sum, [, { size }]) => sum + size, 0);
  }
}

function needIn(folder: TaskFolder, task: TaskRecord): Need | undefined {
  // Completed tasks are many, and only one with a worktree can have a result to review.
  if (task.status === 'completed' && task.workspace === undefined) return undefined;
  return task.archived_at === undefined ? needOf(task, folderStanding(folder, task, Date.now())) : undefined;
}
