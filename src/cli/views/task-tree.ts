import type { TaskView } from '../../core/task/events.ts';

export interface TreeRow {
  readonly task: TaskView;
  /** Lines that lead to it from its parent. */
  readonly branch: string;
}

/** Every task once, below its parent if that is in the list; siblings in the order of the list. */
export function treeRows(tasks: readonly TaskView[]): TreeRow[] {
  const ids = new Set<string>(tasks.map(({ id }) => id));
  const parts = new Map<string, TaskView[]>();
  for (const task of tasks) {
    const parent = task.parent_id !== undefined && ids.has(task.parent_id) ? task.parent_id : '';
    parts.set(parent, [...(parts.get(parent) ?? []), task]);
  }
  const rows: TreeRow[] = [];
  const seen = new Set<TaskView>();
  const add = (task: TaskView, lead: string, last: boolean, top: boolean): void => {
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
