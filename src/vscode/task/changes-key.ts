import type { TaskRecord } from '../../core/task/schema.ts';
import { openWorkspace } from '../../core/task/workspace.ts';
import { rowFlags } from '../present/task-state.ts';

/**
 * A text that changes with the changed files of a task; null if it has none. Git runs programs that the repository
 * names, so that a restricted window lists no changes.
 */
export function changesKey(task: TaskRecord, trusted: boolean): string | null {
  if (!trusted || !rowFlags(task).includes('reviewable')) return null;
  return [task.status, task.executions.length, openWorkspace(task) !== undefined, task.restored?.checkpoint].join(' ');
}
