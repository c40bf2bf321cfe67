import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { themeVersion } from '../kit/theme.ts';
import { type Bars, drawBars } from './draw-bars.ts';

interface BarChartProps extends Bars {
  /** Describes the chart for screen readers. The table beside it has the numbers. */
  readonly title: string;
}

const HEIGHT = 180;

/** Stacked bars on a canvas. The legend and the table beside it are HTML. */
export function BarChart({ title, labels, series, format }: BarChartProps): JSX.Element {
  const place = useRef<HTMLCanvasElement>(null);
  const theme = themeVersion.value;
  const shape = JSON.stringify([labels, series]);
  // The shape distinguishes labels and series; the theme sets the colors.
  useEffect(() => {
    const canvas = place.current;
    const context = canvas?.getContext('2d');
    if (canvas === null || context === null || context === undefined) return undefined;
    const draw = (): void => {
      const width = canvas.clientWidth;
      canvas.width = Math.round(width * devicePixelRatio);
      canvas.height = Math.round(HEIGHT * devicePixelRatio);
      context.scale(devicePixelRatio, devicePixelRatio);
      drawBars(context, { labels, series, format }, { width, height: HEIGHT });
    };
    const resized = new ResizeObserver(draw);
    resized.observe(canvas);
    draw();
    return () => resized.disconnect();
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
      <canvas ref={place} class="chart" role="img" aria-label={title} />
    </>
  );
}
