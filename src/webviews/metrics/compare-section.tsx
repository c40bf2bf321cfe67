import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { Button } from '../kit/button.tsx';
import { compact } from '../kit/format.ts';
import { ChartSection } from './chart-section.tsx';
import type { Comparison, MetricsWords } from './protocol.ts';
import { channel, lang, report } from './state.ts';

interface CompareSectionProps {
  readonly words: MetricsWords;
  readonly folder: string;
}

/** Compares the tasks of a filter by one metric. */
export function CompareSection({ words, folder }: CompareSectionProps): JSX.Element {
  const filter = useSignal('');
  const metric = useSignal(words.metrics[0]?.metric ?? '');
  const result = useSignal<Comparison | undefined>(undefined);
  const compare = (): void => {
    const wish = { folder, filter: filter.peek(), metric: metric.peek() };
    void channel.request('compare', wish).then((found) => {
      result.value = found;
    }, report);
  };
  const tasks = result.value?.tasks;
  const name = words.metrics.find((each) => each.metric === metric.value)?.name ?? '';
  return (
    <>
      <form
        class="filters"
        aria-label={words.compare}
        onSubmit={(event) => {
          event.preventDefault();
          compare();
        }}
      >
        <label class="wide">
          <span>{words.compare}</span>
          <input
            type="text"
            value={filter.value}
            placeholder={words.compareHint}
            onInput={({ currentTarget }) => {
              filter.value = currentTarget.value;
            }}
          />
        </label>
        <label>
          <span>{words.metric}</span>
          <select
            value={metric.value}
            onChange={({ currentTarget }) => {
              metric.value = currentTarget.value;
              if (result.peek() !== undefined) compare();
            }}
          >
            {words.metrics.map((each) => (
              <option key={each.metric} value={each.metric}>
                {each.name}
              </option>
            ))}
          </select>
        </label>
        <Button look="secondary" press={compare}>
          {words.compare}
        </Button>
      </form>
      {tasks === undefined ? undefined : tasks.length === 0 ? (
        <p class="empty">{words.noneToCompare}</p>
      ) : (
        <ChartSection
          words={words}
          name="comparison"
          title={name}
          labels={tasks.map(({ number }) => `#${number}`)}
          series={[{ name, values: tasks.map(({ value }) => value ?? 0), color: '--vscode-charts-blue' }]}
          format={(value) => compact(value, lang)}
          columns={[
            {
              title: words.task,
              cells: tasks.map(({ number, title }) => ({ text: `#${number} ${title}`, value: `#${number} ${title}` })),
            },
            {
              title: words.value,
              cells: tasks.map(({ value }) => ({ text: value === null ? words.unknown : compact(value, lang), value })),
            },
          ]}
        />
      )}
    </>
  );
}
