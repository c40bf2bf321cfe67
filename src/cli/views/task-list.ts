import type { TaskRecord, TaskSummary } from '../../core/task/schema.ts';
import type { Standing } from '../../core/task/standing.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { Output } from '../terminal/output.ts';
import { type Cell, renderTable } from '../terminal/table.ts';
import { age, humanDuration } from '../terminal/time.ts';
import { remarksOf } from './remarks.ts';
import { paintStatus, statusText } from './status-word.ts';

type Look = Pick<Output, 'style' | 'columns' | 'now'>;

/** A column of the list: its title and its cell. */
interface ListColumn {
  readonly title: string;
  readonly align?: 'right';
  cell(task: TaskSummary, look: Look): Cell;
}

const text = (of: (task: TaskSummary) => string | undefined): ListColumn['cell'] => {
  return (task) => ({ text: sanitizeLine(of(task) ?? '') });
};

/** Columns by the names that `--columns` takes. The title is always the last one. */
const columns: Readonly<Record<string, ListColumn>> = {
  number: { title: '#', align: 'right', cell: text((task) => String(task.number)) },
  status: {
    title: 'STATUS',
    cell: (task, { style }) => ({
      text: statusText(task.status),
      paint: (word) => paintStatus(task.status, word, style),
    }),
  },
  priority: {
    title: 'PRIORITY',
    cell: (task, { style }) => ({
      text: task.priority,
      paint: task.priority === 'critical' ? (word) => style('red', word) : undefined,
    }),
  },
  // A group is not run by anybody.
  agent: { title: 'AGENT', cell: text((task) => (task.kind === 'group' ? 'group' : task.tool)) },
  model: { title: 'MODEL', cell: text((task) => task.assignee) },
  project: { title: 'PROJECT', cell: text((task) => task.project) },
  parent: { title: 'PARENT', cell: text((task) => task.parent_id) },
  id: { title: 'ID', cell: text((task) => task.id) },
  age: { title: 'AGE', align: 'right', cell: (task, { now }) => ({ text: age(task.created_at, now()) }) },
  updated: { title: 'UPDATED', align: 'right', cell: (task, { now }) => ({ text: age(task.updated_at, now()) }) },
  progress: {
    title: 'DONE',
    align: 'right',
    cell: text((task) => (task.progress === undefined ? '' : `${Math.round(task.progress)} %`)),
  },
  duration: {
    title: 'TIME',
    align: 'right',
    cell: text((task) => (task.duration === 0 ? '' : humanDuration(task.duration))),
  },
  tokens: {
    title: 'TOKENS',
    align: 'right',
    cell: text((task) => task.usage?.total_tokens?.toLocaleString('en-US')),
  },
  cost: {
    title: 'COST',
    align: 'right',
    cell: text((task) => (task.usage?.cost_usd === undefined ? '' : `$${task.usage.cost_usd.toFixed(2)}`)),
  },
};
const usualColumns = ['number', 'status', 'priority', 'agent', 'age'];
export const columnNames = Object.keys(columns);

export interface ListLook extends Look {
  /** Names of columns, in their order. Default: number, status, priority, agent, age. */
  readonly names?: readonly string[] | undefined;
  /** Put subtasks below their parents. */
  readonly tree?: boolean | undefined;
}

/** The table of `task list`: one line a task; its situation follows its title. */
export function taskTable(
  tasks: readonly TaskSummary[],
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

function titleCell(task: TaskSummary, standingOf: (task: TaskRecord) => Standing, branch: string): Cell {
  const labels = task.labels.length === 0 ? '' : ` [${task.labels.map(sanitizeLine).join(', ')}]`;
  return { text: [`${branch}${sanitizeLine(task.title)}${labels}`, ...remarksOf(task, standingOf(task))].join(' · ') };
}

interface TreeRow {
  readonly task: TaskSummary;
  /** Lines that lead to it from its parent. */
  readonly branch: string;
}

/** Every task once, below its parent if that is in the list; siblings in the order of the list. */
function treeRows(tasks: readonly TaskSummary[]): TreeRow[] {
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

/** The table with its footer: the number of tasks, and how to show the others. */
export function listView(
  page: { tasks: readonly TaskSummary[]; total: number; next: number | null },
  call: { readonly out: Output; readonly values: Readonly<Record<string, unknown>> },
  { standingOf, size }: { readonly standingOf: (task: TaskRecord) => Standing; readonly size: number },
): string {
  const { out, values } = call;
  if (page.tasks.length === 0) return nothing(page.total, size);
  const names = values.columns as readonly string[] | undefined;
  const table = taskTable(page.tasks, standingOf, {
    style: out.style,
    columns: out.columns,
    now: () => out.now(),
    names,
    tree: values.tree === true,
  });
  if (page.next === null) return table;
  return `${table}\n${out.style('dim', `${page.tasks.length} of ${page.total} tasks; next: --page ${page.next}`)}`;
}

function nothing(total: number, size: number): string {
  if (total > 0) return `There is no such page; there are ${total} tasks.`;
  if (size > 0) return 'No task matches.';
  return 'There are no tasks here yet. Make one:\n  systemprompt task create "Fix the login test"';
}
