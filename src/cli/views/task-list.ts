import type { TaskRecord, TaskSummary } from '../../core/task/schema.ts';
import type { Standing } from '../../core/task/standing.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { Output } from '../terminal/output.ts';
import { type Cell, renderTable } from '../terminal/table.ts';
import { age } from '../terminal/time.ts';
import { remarksOf } from './remarks.ts';
import { paintStatus, statusText } from './status-word.ts';

type Look = Pick<Output, 'style' | 'columns' | 'now'>;

const head = [
  { title: '#', align: 'right' },
  { title: 'STATUS' },
  { title: 'PRIORITY' },
  { title: 'AGENT' },
  { title: 'AGE', align: 'right' },
  { title: 'TITLE' },
] as const;

/** The table of `task list`: one line per task, with notes after its title. */
export function taskTable(
  tasks: readonly TaskSummary[],
  standingOf: (task: TaskRecord) => Standing,
  look: Look,
): string {
  return renderTable(
    head,
    tasks.map((task) => row(task, standingOf, look)),
    look.style,
    look.columns,
  ).join('\n');
}

function row(task: TaskSummary, standingOf: (task: TaskRecord) => Standing, { style, now }: Look): Cell[] {
  const remarks = remarksOf(task, standingOf(task));
  const title = sanitizeLine(task.title);
  const labels = task.labels.length === 0 ? '' : ` [${task.labels.map(sanitizeLine).join(', ')}]`;
  return [
    { text: String(task.number) },
    { text: statusText(task.status), paint: (text) => paintStatus(task.status, text, style) },
    {
      text: task.priority,
      paint: task.priority === 'critical' ? (text) => style('red', text) : undefined,
    },
    // A group never runs.
    { text: task.kind === 'group' ? 'group' : sanitizeLine(task.tool) },
    { text: age(task.created_at, now()) },
    { text: [`${title}${labels}`, ...remarks].join(' · ') },
  ];
}

/** The table with its footer: the number of tasks, and how to show the others. */
export function listView(
  page: { tasks: readonly TaskSummary[]; total: number; next: number | null },
  call: { readonly out: Output; readonly values: Readonly<Record<string, unknown>> },
  { standingOf, size }: { readonly standingOf: (task: TaskRecord) => Standing; readonly size: number },
): string {
  const { out } = call;
  if (page.tasks.length === 0) return nothing(page.total, size);
  const table = taskTable(page.tasks, standingOf, out);
  if (page.next === null) return table;
  return `${table}\n${out.style('dim', `${page.tasks.length} of ${page.total} tasks; next: --page ${page.next}`)}`;
}

function nothing(total: number, size: number): string {
  if (total > 0) return `There is no such page; there are ${total} tasks.`;
  if (size > 0) return 'No task matches.';
  return 'There are no tasks here yet. Make one:\n  systemprompt task create "Fix the login test"';
}
