import { needOf } from '../../core/task/needs.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Standing } from '../../core/task/standing.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { QueueOutput } from '../../operations/queue/status.ts';
import type { Style } from '../terminal/style.ts';
import { humanDuration } from '../terminal/time.ts';
import { displayWidth, padEnd, truncate } from '../terminal/width.ts';
import { remarksOf } from './remarks.ts';
import { paintStatus, statusSymbol, statusText } from './status-word.ts';

export interface DashboardState {
  readonly folder: string;
  readonly tasks: readonly TaskRecord[];
  readonly standingOf: (task: TaskRecord) => Standing;
  readonly queue: Pick<QueueOutput, 'playing' | 'at_work' | 'max_parallel' | 'waiting_total'>;
  /** Index of the selected task. */
  readonly selected: number;
  /** Latest lines of the log of the selected task; undefined if it is closed. */
  readonly log: readonly string[] | undefined;
}

const STATUS_COLUMNS = 18;
/** Below this width, a status is its symbol alone and there is no agent. */
const NARROW = 70;
const help = '↑↓ select   Enter log   s start   x cancel   p play or pause the queue   q quit';
const shortHelp = '⏎ log · s start · x cancel · q quit';

/** The lines of the dashboard for a terminal of this size: what needs a person first, then running and queued tasks. */
export function dashboardLines(
  state: DashboardState,
  { columns, rows }: { columns: number; rows: number },
  style: Style,
): string[] {
  const { tasks, selected, log, queue } = state;
  const needing = tasks.filter((task) => needOf(task, state.standingOf(task)) !== undefined).length;
  const facts = [
    queue.playing ? '▶ queue plays' : '⏸ queue paused',
    `${queue.at_work} of ${queue.max_parallel} running`,
    `${queue.waiting_total} waiting`,
    ...(needing === 0 ? [] : [`${needing} need you`]),
  ];
  const head = [
    style('bold', cut(`SystemPrompt Tasks  ${sanitizeLine(state.folder)}`, columns)),
    cut(facts.join(' · '), columns),
    '',
  ];
  const logRows = log === undefined ? 0 : Math.max(3, Math.floor((rows - head.length) / 2));
  const room = Math.max(1, rows - head.length - logRows - 2);
  const first = Math.min(Math.max(0, selected - Math.floor(room / 2)), Math.max(0, tasks.length - room));
  const list = tasks
    .slice(first, first + room)
    .map((task, at) => line(task, state, columns, first + at === selected, style));
  const body = tasks.length === 0 ? ['There are no tasks here yet.'] : list;
  const tail = log === undefined ? [] : ['', ...log.slice(-(logRows - 1)).map((text) => cut(text, columns))];
  const filler = Array.from({ length: Math.max(0, rows - head.length - body.length - tail.length - 1) }, () => '');
  return [...head, ...body, ...tail, ...filler, style('dim', cut(columns < NARROW ? shortHelp : help, columns))].slice(
    0,
    rows,
  );
}

function line(task: TaskRecord, state: DashboardState, columns: number, selected: boolean, style: Style): string {
  const remarks = remarksOf(task, state.standingOf(task));
  const work = task.active_ms > 0 ? [humanDuration(task.active_ms)] : [];
  const narrow = columns < NARROW;
  const status = narrow ? statusSymbol(task.status) : padEnd(statusText(task.status), STATUS_COLUMNS);
  const before = `${selected ? '›' : ' '} ${String(task.number).padStart(4)}  `;
  const agent = narrow
    ? ''
    : `${padEnd(truncate(task.kind === 'group' ? 'group' : sanitizeLine(task.tool), 12), 12)}  `;
  const rest = [sanitizeLine(task.title), ...remarks, ...work].join(' · ');
  const text = cut(rest, Math.max(1, columns - displayWidth(before) - displayWidth(status) - 2 - displayWidth(agent)));
  return `${before}${paintStatus(task.status, status, style)}  ${agent}${selected ? style('bold', text) : text}`;
}

/** Needs first, then running, queued, open, and the latest ended tasks. */
export function dashboardOrder(tasks: Iterable<TaskRecord>, standingOf: (task: TaskRecord) => Standing): TaskRecord[] {
  const rank = (task: TaskRecord): number => {
    if (needOf(task, standingOf(task)) !== undefined) return 0;
    if (task.status === 'in_progress') return 1;
    if (task.status === 'completed_active') return 2;
    if (task.queued_at !== undefined) return 3;
    return task.status === 'pending' || task.status === 'paused' ? 4 : 5;
  };
  return [...tasks]
    .map((task) => ({ task, rank: rank(task) }))
    .sort((a, b) => a.rank - b.rank || (a.rank === 5 ? b.task.number - a.task.number : a.task.number - b.task.number))
    .map(({ task }) => task);
}

function cut(text: string, columns: number): string {
  return displayWidth(text) <= columns ? text : truncate(text, columns);
}
