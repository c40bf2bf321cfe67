import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import { csvOf } from '../kit/csv.ts';
import { fill } from '../kit/format.ts';
import { BarChart } from './bar-chart.tsx';
import { pngOf, type Series } from './draw-bars.ts';
import type { MetricsWords } from './protocol.ts';
import { channel, report } from './state.ts';

/** One column of the table, with its displayed and its exported values. */
export interface Column {
  readonly title: string;
  readonly cells: readonly { readonly text: string; readonly value: string | number | null }[];
}

interface ChartSectionProps {
  readonly words: MetricsWords;
  /** Name of the exported file, without its ending. */
  readonly name: string;
  readonly title: string;
  readonly labels: readonly string[];
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
  /** The first column names the rows. */
  readonly columns: readonly Column[];
}

/** A chart, and beside it a table with the same numbers. */
export function ChartSection(props: ChartSectionProps): JSX.Element {
  const { words, name, title, labels, series, format, columns } = props;
  const id = useId();
  const rows = labels.map((_, row) => columns.map(({ cells }) => cells[row] ?? { text: '', value: null }));
  const save = (): void => {
    const csv = csvOf([columns.map((column) => column.title), ...rows.map((row) => row.map(({ value }) => value))]);
    void channel.request('exportCsv', { name, csv }).catch(report);
  };
  const savePng = (): void => {
    const base64 = pngOf({ labels, series, format }, title);
    void channel.request('exportPng', { name, base64 }).catch(report);
  };
  return (
    <section aria-labelledby={id}>
      <div class="section-head">
        <h2 id={id}>{title}</h2>
        <span class="export">
          <Button look="link" press={save}>
            {words.exportCsv}
          </Button>
          <Button look="link" press={savePng}>
            {words.exportPng}
          </Button>
        </span>
      </div>
      <div class="beside">
        <div>
          <BarChart title={fill(words.chartOf, title)} labels={labels} series={series} format={format} />
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields. */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a person scrolls it by keyboard. */}
        <div class="table" role="group" tabIndex={0} aria-labelledby={id}>
          <table>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column.title} scope="col">
                    {column.title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(([first, ...others]) => (
                <tr key={first?.text}>
                  <th scope="row">{first?.text}</th>
                  {others.map(({ text }, index) => (
                    <td key={columns[index + 1]?.title}>{text}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </section>
  );
}
