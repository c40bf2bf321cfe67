import type { JSX } from 'preact';
import { compact, count, money } from '../kit/format.ts';
import { Bottlenecks } from './bottlenecks.tsx';
import { ChartSection, type Column } from './chart-section.tsx';
import { FilterBar } from './filter-bar.tsx';
import type { Metrics, MetricsWords } from './protocol.ts';
import { failure, lang, loaded } from './state.ts';
import { Tiles } from './tiles.tsx';
import { amount, percent, work } from './values.ts';

type Row = Metrics['by_day'][number] | Metrics['by_agent'][number];

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
          {metrics.performance.tasks === 0 ? (
            <p class="empty">{words.nothingFinished}</p>
          ) : (
            <Charts words={words} metrics={metrics} />
          )}
          <Bottlenecks words={words} metrics={metrics} folder={data.filter.folder} />
        </>
      )}
    </>
  );
}

function Charts({ words, metrics }: { readonly words: MetricsWords; readonly metrics: Metrics }): JSX.Element {
  const { by_day: days, by_agent: agents } = metrics;
  const dayColumn = column(words.day, days, ({ day }) => ({ text: day, value: day }));
  const agentColumn = column(words.agent, agents, ({ agent }) => ({ text: agent, value: agent }));
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
      <ChartSection
        words={words}
        name="tasks-by-agent"
        title={words.byAgent}
        labels={agents.map(({ agent }) => agent)}
        series={outcomes(words, agents)}
        format={(value) => compact(value, lang)}
        columns={[agentColumn, ...outcomeColumns(words, agents), ...spendColumns(words, agents)]}
      />
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

function outcomes(words: MetricsWords, rows: readonly Row[]) {
  return [
    { name: words.completed, values: rows.map(({ completed }) => completed), color: '--vscode-charts-green' },
    { name: words.failed, values: rows.map(({ failed }) => failed), color: '--vscode-charts-red' },
    { name: words.cancelled, values: rows.map(({ cancelled }) => cancelled), color: '--vscode-charts-yellow' },
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
  ];
}

function spendColumns(words: MetricsWords, rows: readonly Row[]): Column[] {
  return [tokensColumn(words, rows), costColumn(words, rows)];
}

function tokensColumn(words: MetricsWords, rows: readonly Row[]): Column {
  return column(words.tokens, rows, ({ tokens: value }) => ({ text: amount(value, words), value }));
}

function costColumn(words: MetricsWords, rows: readonly Row[]): Column {
  return column(words.cost, rows, ({ cost_usd: value }) => ({
    text: value === null ? words.unknown : money(value),
    value,
  }));
}

function column<R>(title: string, rows: readonly R[], cell: (row: R) => Column['cells'][number]): Column {
  return { title, cells: rows.map(cell) };
}
