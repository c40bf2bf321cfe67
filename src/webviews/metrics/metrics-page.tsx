import type { JSX } from 'preact';
import { compact, count, money } from '../kit/format.ts';
import { Bottlenecks } from './bottlenecks.tsx';
import { ChartSection, type Column } from './chart-section.tsx';
import { CompareSection } from './compare-section.tsx';
import { FilterBar } from './filter-bar.tsx';
import { HealthSection } from './health-section.tsx';
import type { Metrics, MetricsWords } from './protocol.ts';
import { failure, lang, loaded } from './state.ts';
import { Tiles } from './tiles.tsx';
import { amount, cost, percent, work } from './values.ts';
import { WorkersSection } from './workers-section.tsx';

type Row = Metrics['performance'];

/** Colors of the statuses, in the order of their stack. */
const statusColors: Readonly<Record<string, string>> = {
  completed: '--vscode-charts-green',
  completed_active: '--vscode-terminal-ansiCyan',
  in_progress: '--vscode-charts-blue',
  paused: '--vscode-charts-yellow',
  pending: '--vscode-descriptionForeground',
  failed: '--vscode-charts-red',
  cancelled: '--vscode-charts-purple',
};

/** Outcomes of the tasks of a folder: tiles, charts with tables, and bottlenecks. */
export function MetricsPage({ words }: { readonly words: MetricsWords }): JSX.Element {
  const data = loaded.value;
  const { metrics } = data ?? {};
  return (
    <>
      {data === undefined ? undefined : <FilterBar words={words} data={data} />}
      <p class={failure.value === '' ? 'status' : 'status failed'} role="status">
        {failure.value}
      </p>
      {metrics === null ? <p class="empty">{words.empty}</p> : undefined}
      {metrics === null || metrics === undefined || data === undefined ? undefined : (
        <>
          <Tiles words={words} metrics={metrics} />
          {data.health === null ? undefined : <HealthSection words={words} health={data.health} />}
          {data.health === null || data.health.workers.length === 0 ? undefined : (
            <WorkersSection words={words} workers={data.health.workers} />
          )}
          <StatusOverTime words={words} days={metrics.status_by_day} />
          {metrics.performance.tasks === 0 ? undefined : <Charts words={words} metrics={metrics} />}
          <Bottlenecks words={words} metrics={metrics} folder={data.filter.folder} />
          <CompareSection words={words} folder={data.filter.folder} />
        </>
      )}
    </>
  );
}

function Charts({ words, metrics }: { readonly words: MetricsWords; readonly metrics: Metrics }): JSX.Element {
  const { by_day: days, by_agent: agents } = metrics;
  const dayColumn = column(words.day, days, ({ day }) => ({ text: day, value: day }));
  const dayLabels = days.map(({ day }) => day.slice(5));
  return (
    <>
      <ChartSection
        words={words}
        name="tasks-by-day"
        title={words.byDay}
        labels={dayLabels}
        series={outcomes(words, days)}
        format={(value) => compact(value, lang)}
        columns={[dayColumn, ...outcomeColumns(words, days)]}
      />
      <GroupChart
        words={words}
        name="tasks-by-agent"
        title={words.byAgent}
        head={words.agent}
        rows={agents}
        nameOf={({ agent }) => agent}
      />
      {metrics.by_project.length < 2 ? undefined : (
        <GroupChart
          words={words}
          name="tasks-by-project"
          title={words.byProject}
          head={words.project}
          rows={metrics.by_project}
          nameOf={({ project }) => project ?? words.noProject}
        />
      )}
      {metrics.by_label.length === 0 ? undefined : (
        <GroupChart
          words={words}
          name="tasks-by-label"
          title={words.byLabel}
          head={words.label}
          rows={metrics.by_label}
          nameOf={({ label }) => label}
        />
      )}
      <ChartSection
        words={words}
        name="tokens-by-day"
        title={words.tokensByDay}
        labels={dayLabels}
        series={[{ name: words.tokens, values: days.map(({ tokens }) => tokens ?? 0), color: '--vscode-charts-blue' }]}
        format={(value) => compact(value, lang)}
        columns={[dayColumn, tokensColumn(words, days)]}
      />
      <ChartSection
        words={words}
        name="cost-by-day"
        title={words.costByDay}
        labels={dayLabels}
        series={[
          { name: words.cost, values: days.map(({ cost_usd }) => cost_usd ?? 0), color: '--vscode-charts-purple' },
        ]}
        format={(value) => (value === 0 ? '$0' : money(value))}
        columns={[dayColumn, costColumn(words, days)]}
      />
    </>
  );
}

interface GroupChartProps<R extends Row> {
  readonly words: MetricsWords;
  /** Name of the exported files. */
  readonly name: string;
  readonly title: string;
  /** Title of the column with the names. */
  readonly head: string;
  readonly rows: readonly R[];
  nameOf(row: R): string;
}

/** Outcomes, durations and spend of groups of tasks, the largest group first. */
function GroupChart<R extends Row>({ words, name, title, head, rows, nameOf }: GroupChartProps<R>): JSX.Element {
  const names = column(head, rows, (row) => ({ text: nameOf(row), value: nameOf(row) }));
  return (
    <ChartSection
      words={words}
      name={name}
      title={title}
      labels={rows.map(nameOf)}
      series={outcomes(words, rows)}
      format={(value) => compact(value, lang)}
      columns={[names, ...outcomeColumns(words, rows), ...spendColumns(words, rows)]}
    />
  );
}

function StatusOverTime({ words, days }: { readonly words: MetricsWords; readonly days: Metrics['status_by_day'] }) {
  const statuses = Object.keys(statusColors).filter((status) => days.some(({ by_status }) => by_status[status] !== 0));
  if (days.length === 0) return null;
  return (
    <ChartSection
      words={words}
      name="status-by-day"
      title={words.overTime}
      labels={days.map(({ day }) => day.slice(5))}
      series={statuses.map((status) => ({
        name: words.statuses[status] ?? status,
        values: days.map(({ by_status }) => by_status[status] ?? 0),
        color: statusColors[status] ?? '',
      }))}
      format={(value) => compact(value, lang)}
      columns={[
        column(words.day, days, ({ day }) => ({ text: day, value: day })),
        ...statuses.map((status) =>
          column(words.statuses[status] ?? status, days, ({ by_status }) => ({
            text: count(by_status[status] ?? 0, lang),
            value: by_status[status] ?? 0,
          })),
        ),
      ]}
    />
  );
}

function outcomes(words: MetricsWords, rows: readonly Row[]) {
  return [
    { name: words.completed, values: rows.map(({ completed }) => completed), color: '--vscode-charts-green' },
    { name: words.failed, values: rows.map(({ failed }) => failed), color: '--vscode-charts-red' },
    { name: words.cancelled, values: rows.map(({ cancelled }) => cancelled), color: '--vscode-charts-purple' },
  ];
}

function outcomeColumns(words: MetricsWords, rows: readonly Row[]): Column[] {
  const number = (title: string, value: (row: Row) => number): Column =>
    column(title, rows, (row) => ({ text: count(value(row), lang), value: value(row) }));
  return [
    number(words.completed, ({ completed }) => completed),
    number(words.failed, ({ failed }) => failed),
    number(words.cancelled, ({ cancelled }) => cancelled),
    column(words.success, rows, ({ success_rate: value }) => ({ text: percent(value, words), value })),
    column(words.work, rows, ({ avg_duration_minutes: value }) => ({ text: work(value, words), value })),
    column(words.median, rows, ({ median_duration_minutes: value }) => ({ text: work(value, words), value })),
    column(words.p90, rows, ({ p90_duration_minutes: value }) => ({ text: work(value, words), value })),
  ];
}

function spendColumns(words: MetricsWords, rows: readonly Row[]): Column[] {
  return [tokensColumn(words, rows), costColumn(words, rows)];
}

function tokensColumn(words: MetricsWords, rows: readonly Row[]): Column {
  return column(words.tokens, rows, ({ tokens: value }) => ({ text: amount(value, words), value }));
}

function costColumn(words: MetricsWords, rows: readonly Row[]): Column {
  return column(words.cost, rows, (row) => ({ text: cost(row, words), value: row.cost_usd }));
}

function column<R>(title: string, rows: readonly R[], cell: (row: R) => Column['cells'][number]): Column {
  return { title, cells: rows.map(cell) };
}
