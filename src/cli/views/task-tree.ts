import type { TaskSummary } from '../../core/task/schema.ts';

export interface TreeRow {
  readonly task: TaskSummary;
  /** Lines that lead to it from its parent. */
  readonly branch: string;
}

/** Every task once, below its parent if that is in the list; siblings in the order of the list. */
export function treeRows(tasks: readonly TaskSummary[]): TreeRow[] {
  const ids = new Set<string>(tasks.map(({ id }) => id));
  const parts = new Map<string, TaskSummary[]>();
  for (const task of tasks) {
    const parent = task.parent_id !== undefined && ids.has(task.parent_id) ? task.parent_id : '';
    parts.set(parent, [...(parts.get(parent) ?? []), task]);
  }
  const rows: TreeRow[] = [];
  const seen = new Set<TaskSummary>();
  const add = (task: TaskSummary, lead: string, last: boolean, top: boolean): void => {
    if (seen.has(task)) return;
    seen.add(task);
    rows.push({ task, branch: top ? '' : `${lead}${last ? '└ ' : '├ '}` });
    const below = parts.get(task.id) ?? [];
    const inner = top ? '' : `${lead}${last ? '  ' : '│ '}`;
    for (const part of below) add(part, inner, part === below.at(-1), false);
  };
  // A circle of parents has no top; its tasks are listed after the others.
  for (const task of [...(parts.get('') ?? []), ...tasks]) add(task, '', true, true);
  return rows;
}
