import type { z } from 'zod';
import { taskStatuses } from '../../core/task/schema.ts';
import { humanBytes } from '../../core/text/bytes.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { status } from '../../operations/store/status.ts';
import type { Output } from '../terminal/output.ts';
import { age } from '../terminal/time.ts';
import { padEnd } from '../terminal/width.ts';
import { paintStatus, statusText } from './status-word.ts';

type Worker = z.output<typeof status.output>['workers'][number];

export function statusView(
  state: z.output<typeof status.output>,
  { style, now }: Pick<Output, 'style' | 'now'>,
): string {
  const counted = taskStatuses.filter((name) => (state.by_status[name] ?? 0) > 0);
  const lines = [
    `${state.total} ${state.total === 1 ? 'task' : 'tasks'} in ${sanitizeLine(state.folder)}`,
    ...counted.map((name) => `  ${paintStatus(name, padEnd(statusText(name), 20), style)}${state.by_status[name]}`),
  ];
  if (state.ready > 0) lines.push(`${state.ready} ready to run`);
  if (state.asks > 0)
    lines.push(style('yellow', `${state.asks} ${state.asks === 1 ? 'request waits' : 'requests wait'} for a person`));
  for (const worker of state.workers) {
    const tasks = worker.tasks.length === 0 ? 'idle' : `at ${worker.tasks.map((number) => `#${number}`).join(', ')}`;
    const since = worker.since === null ? '' : `, since ${age(worker.since, now())}`;
    lines.push(`worker ${worker.pid} on ${sanitizeLine(worker.host)}: ${tasks}${since}${detailsOf(worker)}`);
  }
  if (state.workers.length === 0) lines.push('no worker is alive; starting a task starts one');
  for (const { text, mark } of state.today?.limits ?? []) {
    const line = `spent today: ${text}, until midnight`;
    lines.push(mark >= 80 ? style('yellow', line) : line);
  }
  if (state.archived > 0) lines.push(`${state.archived} more in the archive`);
  if (state.storage !== null && state.storage.bytes > 0) {
    const parts = Object.entries(state.storage.areas).filter(([, { bytes }]) => bytes > 0);
    const about = state.storage.estimated ? 'about ' : '';
    const each = parts.map(([area, { bytes }]) => `${area} ${humanBytes(bytes)}`).join(', ');
    lines.push(style('dim', `on disk ${about}${humanBytes(state.storage.bytes)}: ${each}`));
    lines.push(style('dim', `in memory about ${humanBytes(state.memory.tasks_bytes)} of tasks`));
  }
  if (state.read_only !== null) lines.push(style('yellow', `read-only: ${sanitizeLine(state.read_only)}`));
  for (const problem of state.problems) lines.push(style('yellow', `! ${sanitizeLine(problem)}`));
  return lines.join('\n');
}

/** The facts that only workers of a shared store announce. */
function detailsOf({ agents, max_parallel: most, seen_ago_ms: seen }: Worker): string {
  if (agents === null) return '';
  const slots = most === null ? [] : [`${most} at once`];
  const silent = seen === null || seen < 30_000 ? [] : [`silent for ${Math.round(seen / 1_000)} s`];
  return `; ${[sanitizeLine(agents.join(', ')), ...slots, ...silent].join('; ')}`;
}
