import type { JSX } from 'preact';
import { count, fill } from '../kit/format.ts';
import type { Metrics, MetricsWords } from './protocol.ts';
import { lang } from './state.ts';
import { amount, cost, percent, perDay, work } from './values.ts';

interface TilesProps {
  readonly words: MetricsWords;
  readonly metrics: Metrics;
}

/** The totals of the range, and the number of tasks in each status now. */
export function Tiles({ words, metrics }: TilesProps): JSX.Element {
  return (
    <>
      {metrics.performance.tasks === 0 ? (
        <p class="empty">{words.nothingFinished}</p>
      ) : (
        <Totals words={words} metrics={metrics} />
      )}
      <section aria-label={words.now}>
        <h2>{words.now}</h2>
        <dl class="tiles small">
          {Object.entries(metrics.by_status).map(([status, tasks]) => (
            <Tile key={status} name={words.statuses[status] ?? status} value={count(tasks, lang)} />
          ))}
        </dl>
      </section>
    </>
  );
}

function Totals({ words, metrics }: TilesProps): JSX.Element {
  const all = metrics.performance;
  const rate = all.tokens_per_minute;
  return (
    <dl class="tiles">
      <Tile name={words.finished} value={count(all.tasks, lang)} />
      <Tile name={words.success} value={percent(all.success_rate, words)} />
      <Tile name={words.work} value={work(all.avg_duration_minutes, words)} />
      <Tile name={words.median} value={work(all.median_duration_minutes, words)} />
      <Tile name={words.p90} value={work(all.p90_duration_minutes, words)} />
      <Tile name={words.throughput} value={perDay(metrics.throughput_per_day, words)} />
      <Tile name={words.waiting} value={work(all.avg_waiting_minutes, words)} />
      <Tile
        name={words.tokens}
        value={amount(all.tokens, words)}
        detail={rate === null ? undefined : fill(words.perMinute, count(rate, lang))}
      />
      <Tile name={words.cost} value={cost(all, words)} />
      <Tile name={words.runs} value={count(all.executions, lang)} />
    </dl>
  );
}

interface TileProps {
  readonly name: string;
  readonly value: string;
  readonly detail?: string | undefined;
}

function Tile({ name, value, detail }: TileProps): JSX.Element {
  return (
    <div class="tile">
      <dt>{name}</dt>
      <dd>{value}</dd>
      {detail === undefined ? undefined : <dd class="detail">{detail}</dd>}
    </div>
  );
}
