import type { TaskView } from '../../core/task/events.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Standing } from '../../core/task/standing.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { Output } from '../terminal/output.ts';
import { type Cell, renderTable } from '../terminal/table.ts';
import { remarksOf } from './remarks.ts';
import { columns, usualColumns } from './task-columns.ts';
import { treeRows } from './task-tree.ts';

/** The answer of a folder without tasks. */
export const emptyText = 'There are no tasks here yet. Make one:\n  systemprompt task create "Fix the login test"';

type Look = Pick<Output, 'style' | 'columns' | 'now'>;

export interface ListLook extends Look {
  /** Names of columns, in their order. Default: number, status, priority, agent, age. */
  readonly names?: readonly string[] | undefined;
  /** Put subtasks below their parents. */
  readonly tree?: boolean | undefined;
}

/** The table of `task list`: one line a task; its situation follows its title. */
export function taskTable(
  tasks: readonly TaskView[],
  standingOf: (task: TaskRecord) => Standing,
  look: ListLook,
): string {
  const shown = (look.names ?? usualColumns).flatMap((name) => columns[name] ?? []);
  const rows = look.tree === true ? treeRows(tasks) : tasks.map((task) => ({ task, branch: '' }));
  return renderTable(
    [...shown, { title: 'TITLE' }],
    rows.map(({ task, branch }) => [
      ...shown.map((column) => column.cell(task, look)),
      titleCell(task, standingOf, branch),
    ]),
    look.style,
    look.columns,
  ).join('\n');
}

function titleCell(task: TaskView, standingOf: (task: TaskRecord) => Standing, branch: string): Cell {
  const labels = task.labels.length === 0 ? '' : ` [${task.labels.map(sanitizeLine).join(', ')}]`;
  return { text: [`${branch}${sanitizeLine(task.title)}${labels}`, ...remarksOf(task, standingOf(task))].join(' · ') };
}

/** The table with its footer: the number of tasks, and how to show the others. */
export function listView(
  page: { tasks: readonly TaskView[]; total: number; next: number | null },
  call: { readonly out: Output; readonly values: Readonly<Record<string, unknown>> },
  { standingOf, size }: { readonly standingOf: (task: TaskRecord) => Standing; readonly size: number },
): string {
  const { out, values } = call;
  if (page.tasks.length === 0) return nothing(page.total, size);
  const names = values.columns as readonly string[] | undefined;
  const table = taskTable(page.tasks, standingOf, { ...out, names, tree: values.tree === true });
  if (page.next === null) return table;
  return `${table}\n${out.style('dim', `${page.tasks.length} of ${page.total} tasks; next: --page ${page.next}`)}`;
}

function nothing(total: number, size: number): string {
  if (total > 0) return `There is no such page; there ${total === 1 ? 'is 1 task' : `are ${total} tasks`}.`;
  if (size > 0) return 'No task matches.';
  return emptyText;
}
