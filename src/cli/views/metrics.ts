import type { z } from 'zod';
import { precisionOf, withPrecision } from '../../core/policy/precision.ts';
import type { Usage } from '../../core/task/schema.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { taskAnalyze } from '../../operations/metrics/analyze.ts';
import type { taskCompare } from '../../operations/metrics/compare.ts';
import type { metrics } from '../../operations/metrics/metrics.ts';
import type { Output } from '../terminal/output.ts';
import { renderTable } from '../terminal/table.ts';
import { humanDuration } from '../terminal/time.ts';

type Look = Pick<Output, 'style' | 'columns'>;
type Metrics = z.output<typeof metrics.output>;
type Comparison = z.output<typeof taskCompare.output>;
type Analysis = z.output<typeof taskAnalyze.output>;
type Fact = readonly [name: string, value: string];

const UNKNOWN = 'unknown';
const BAR = 20;

/** Numbers of the range, then the agents compared, then bottlenecks. */
export function metricsView(output: Metrics, { style, columns }: Look): string {
  const { performance: all, by_agent: agents, bottlenecks } = output;
  const lines = [
    style('bold', `${all.tasks} finished, ${output.range.replaceAll('_', ' ')}`),
    ...facts([
      ['success', percent(all.success_rate)],
      ['work', workOf(all)],
      [
        'waiting',
        all.avg_waiting_minutes === null ? UNKNOWN : `${minutes(all.avg_waiting_minutes)} a task for a person`,
      ],
      ['tokens', rate(all.tokens, all.tokens_per_minute)],
      ['cost', estimated(money(all.cost_usd), all)],
    ]),
  ];
  if (agents.length > 0) {
    const head = [
      { title: 'AGENT' },
      { title: 'TASKS', align: 'right' },
      { title: 'SUCCESS', align: 'right' },
      { title: 'WORK', align: 'right' },
      { title: 'TOKENS', align: 'right' },
      { title: 'COST' },
    ] as const;
    const rows = agents.map((agent) =>
      [
        sanitizeLine(agent.agent),
        String(agent.tasks),
        percent(agent.success_rate),
        agent.avg_duration_minutes === null ? UNKNOWN : minutes(agent.avg_duration_minutes),
        count(agent.tokens),
        estimated(money(agent.cost_usd), agent),
      ].map((text) => ({ text })),
    );
    lines.push('', ...renderTable(head, rows, style, columns));
  }
  if (bottlenecks.length > 0) lines.push('', style('bold', 'bottlenecks'));
  for (const { number, task_title, issue } of bottlenecks) {
    lines.push(`  #${number} ${sanitizeLine(task_title)}  ${style('dim', issue)}`);
  }
  const more = output.bottlenecks_total - bottlenecks.length;
  if (more > 0) lines.push(style('dim', `  and ${more} more`));
  return lines.join('\n');
}

function workOf({
  avg_duration_minutes: average,
  median_duration_minutes: median,
  p90_duration_minutes: p90,
}: Metrics['performance']): string {
  if (average === null || median === null || p90 === null) return UNKNOWN;
  return `${minutes(average)} a task, median ${minutes(median)}, 90% within ${minutes(p90)}`;
}

/** A line a task with a bar, most first; then how the values lie. */
export function comparisonView({ tasks, total, spread, unit, metric }: Comparison, { style, columns }: Look): string {
  if (total === 0) return 'No task matches. See "systemprompt task compare --help" for the filter syntax.';
  const most = spread?.max ?? 0;
  const inWords = unit === 'minutes' || metric === 'cost';
  const say = (value: number): string =>
    unit === 'minutes' ? minutes(value) : metric === 'cost' ? money(value) : short(value);
  const head = [
    { title: '#', align: 'right' },
    { title: metric.replaceAll('_', ' ').toUpperCase(), align: 'right' },
    { title: ''.padEnd(BAR) },
    { title: 'TITLE' },
  ] as const;
  const rows = tasks.map(({ number, title, value }) => [
    { text: String(number) },
    { text: value === null ? UNKNOWN : say(value) },
    { text: bar(value, most), paint: (text: string) => style('cyan', text) },
    { text: sanitizeLine(title) },
  ]);
  const lines = renderTable(head, rows, style, columns);
  if (total > tasks.length) lines.push(style('dim', `${total - tasks.length} more; --limit shows them`));
  if (spread !== null) {
    const { min, median, mean, max } = spread;
    lines.push(
      `least ${say(min)}, median ${say(median)}, mean ${say(mean)}, most ${say(max)}${inWords ? '' : ` ${unit}`}`,
    );
  }
  return lines.join('\n');
}

export function analysisView(task: Analysis, { style, columns }: Look, whole: boolean): string {
  const { times, usage, requests } = task;
  const waited =
    requests.asked === 0 ? 'asked nothing' : `${humanDuration(times.asking)} for ${plural(requests.asked, 'request')}`;
  const lines = [
    `#${task.number} ${sanitizeLine(task.title)} (${task.status})`,
    ...facts([
      ['work', `${humanDuration(times.work)} of ${humanDuration(times.elapsed)}`],
      ['pending', humanDuration(times.pending)],
      ['paused', humanDuration(times.paused)],
      ['waiting', waited],
      ['tokens', known(rate(usage.total_tokens ?? null, task.tokens_per_minute), 'tokens', usage)],
      ['cost', known(money(usage.cost_usd ?? null), 'cost', usage)],
      ['runs', String(task.executions.length)],
      ['log', `${plural(task.errors, 'error')}, ${plural(task.warnings, 'warning')}`],
    ]),
  ];
  for (const { issue } of task.issues) lines.push(`  ${style('yellow', 'issue')}       ${issue}`);
  if (!whole) return lines.join('\n');
  if (task.tools.length > 0) {
    const head = [
      { title: 'TOOL' },
      { title: 'CALLS', align: 'right' },
      { title: 'FAILED', align: 'right' },
      { title: 'TIME' },
    ] as const;
    const rows = task.tools.map(({ tool, calls, failed, duration_ms }) =>
      [sanitizeLine(tool), String(calls), String(failed), humanDuration(duration_ms)].map((text) => ({ text })),
    );
    lines.push('', ...renderTable(head, rows, style, columns));
  }
  if (task.executions.length > 0) {
    const head = [{ title: 'RUN' }, { title: 'AGENT' }, { title: 'TOKENS', align: 'right' }, { title: 'END' }] as const;
    const rows = task.executions.map(({ agent, started_at, outcome, error, usage: spent }) =>
      [
        started_at,
        sanitizeLine(agent),
        known(count(spent.total_tokens ?? null), 'tokens', spent),
        [outcome ?? 'runs', error]
          .filter((text) => text !== null)
          .map((text) => sanitizeLine(text))
          .join(': '),
      ].map((text) => ({ text })),
    );
    lines.push('', ...renderTable(head, rows, style, columns));
  }
  return lines.join('\n');
}

function facts(list: readonly Fact[]): string[] {
  return list.map(([name, value]) => `  ${name.padEnd(10)}  ${value}`);
}

function bar(value: number | null, most: number): string {
  const length = value === null || most <= 0 ? 0 : Math.round((BAR * value) / most);
  return '█'.repeat(length).padEnd(BAR);
}

function percent(value: number | null): string {
  return value === null ? UNKNOWN : `${Math.round(value)} %`;
}

function minutes(value: number): string {
  return humanDuration(value * 60_000);
}

function count(value: number | null): string {
  return value === null ? UNKNOWN : Math.round(value).toLocaleString('en');
}

function rate(tokens: number | null, perMinute: number | null): string {
  return perMinute === null ? count(tokens) : `${count(tokens)} (${count(perMinute)} a minute)`;
}

function money(value: number | null): string {
  return value === null ? UNKNOWN : `$${value.toFixed(value < 1 ? 4 : 2)}`;
}

function estimated(text: string, { cost_estimated: isEstimate }: { readonly cost_estimated: boolean }): string {
  return isEstimate ? withPrecision(text, 'estimate') : text;
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** With as many digits as are useful. */
function short(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 0 });
}

function known(text: string, kind: 'tokens' | 'cost', usage: Usage): string {
  return text === UNKNOWN ? text : withPrecision(text, precisionOf(kind, usage));
}
