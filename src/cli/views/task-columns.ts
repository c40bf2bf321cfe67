import { precisionOf } from '../../core/policy/precision.ts';
import type { TaskView } from '../../core/task/events.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { Output } from '../terminal/output.ts';
import type { Cell } from '../terminal/table.ts';
import { age, humanDuration } from '../terminal/time.ts';
import { paintStatus, statusText } from './status-word.ts';

type ColumnLook = Pick<Output, 'style' | 'now'>;

/** A column of the list: its title and its cell. */
export interface ListColumn {
  readonly title: string;
  readonly align?: 'right';
  cell(task: TaskView, look: ColumnLook): Cell;
}

const text = (of: (task: TaskView) => string | undefined): ListColumn['cell'] => {
  return (task) => ({ text: sanitizeLine(of(task) ?? '') });
};

/** Columns by the names that `--columns` takes. The title is always the last one. */
export const columns: Readonly<Record<string, ListColumn>> = {
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
  // A group never runs.
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
    cell: text((task) =>
      task.usage?.cost_usd === undefined
        ? ''
        : `${precisionOf('cost', task.usage) === 'estimate' ? '~' : ''}$${task.usage.cost_usd.toFixed(2)}`,
    ),
  },
};
export const usualColumns = ['number', 'status', 'priority', 'agent', 'age'];
export const columnNames = Object.keys(columns);
