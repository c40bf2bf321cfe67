import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import { themeColor, themeVersion } from '../kit/theme.ts';

/** One colour of a chart. Series are stacked in their order. */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
  /** A theme variable, `--vscode-charts-blue`. */
  readonly color: string;
}

interface BarChartProps {
  /** Describes the chart for screen readers. The table beside it has the numbers. */
  readonly title: string;
  readonly labels: readonly string[];
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
}

const HEIGHT = 180;
const BAR_SHARE = 0.7;
const MAX_BAR = 48;
const LABEL_WIDTH = 76;

/** Stacked bars on a canvas. The legend and the table beside it are HTML. */
export function BarChart({ title, labels, series, format }: BarChartProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const theme = themeVersion.value;
  const shape = JSON.stringify([labels, series]);
  // The shape distinguishes labels and series; the theme sets the colors.
  useEffect(() => {
    const root = place.current;
    if (root === null) return undefined;
    const width = (): number => Math.max(120, root.clientWidth);
    const plot = new UPlot(
      { ...optionsOf(labels, series, format), width: width(), height: HEIGHT },
      dataOf(series),
      root,
    );
    const resized = new ResizeObserver(() => plot.setSize({ width: width(), height: HEIGHT }));
    resized.observe(root);
    return () => {
      resized.disconnect();
      plot.destroy();
    };
  }, [shape, theme]);
  return (
    <>
      <ul class="legend" aria-hidden="true">
        {series.map(({ name, color }) => (
          <li key={name}>
            <span class="swatch" style={{ background: `var(${color})` }} />
            {name}
          </li>
        ))}
      </ul>
      <div ref={place} class="chart" role="img" aria-label={title} />
    </>
  );
}

/** Each series on top of those before it. The tallest is drawn first, so that the others cover its lower part. */
function dataOf(series: readonly Series[]): UPlot.AlignedData {
  const length = series[0]?.values.length ?? 0;
  const sums: number[][] = [];
  for (const { values } of series) {
    const below = sums.at(-1);
    sums.push(values.map((value, index) => value + (below?.[index] ?? 0)));
  }
  return [Array.from({ length }, (_, index) => index), ...sums.reverse()];
}

function optionsOf(
  labels: readonly string[],
  series: readonly Series[],
  format: (value: number) => string,
): Omit<UPlot.Options, 'width' | 'height'> {
  const text = themeColor('--vscode-foreground');
  const grid = themeColor('--vscode-editorIndentGuide-background1', '--vscode-widget-border', '--vscode-foreground');
  const style = getComputedStyle(document.body);
  const axis = { stroke: text, font: `11px ${style.fontFamily}`, ticks: { show: false } };
  const { bars } = UPlot.paths;
  return {
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: () => [-0.6, labels.length - 0.4] },
      y: { range: (_, _min, max) => [0, max || 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: LABEL_WIDTH,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500],
        values: (_, splits) => splits.map((at) => labels[at] ?? ''),
      },
      { ...axis, size: 56, grid: { stroke: grid, width: 1 }, values: (_, splits) => splits.map(format) },
    ],
    series: [
      {},
      ...[...series].reverse().map(({ name, color }) => ({
        label: name,
        fill: themeColor(color),
        stroke: themeColor('--vscode-contrastBorder', color),
        width: 1,
        points: { show: false },
        ...(bars === undefined ? {} : { paths: bars({ size: [BAR_SHARE, MAX_BAR] }) }),
      })),
    ],
  };
}
