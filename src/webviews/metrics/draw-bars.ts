import { themeColor } from '../kit/theme.ts';

/** One color of a chart. Series are stacked in their order. */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
  /** A theme variable, `--vscode-charts-blue`. */
  readonly color: string;
}

/** The content of a bar chart. */
export interface Bars {
  readonly labels: readonly string[];
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
}

interface Area {
  readonly width: number;
  readonly height: number;
}

const BAR_SHARE = 0.7;
const MAX_BAR = 48;
const LEFT = 52;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 22;
const LABEL_WIDTH = 64;
const MOST_TICKS = 5;

/** Round numbers from 0 up to the first one that covers `most`: steps of 1, 2 or 5 times a power of ten. */
export function ticksFor(most: number): number[] {
  const rough = Math.max(most, Number.MIN_VALUE) / MOST_TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step =
    [1, 2, 5, 10].map((factor) => factor * power).find((each) => each * MOST_TICKS >= most * (1 - 1e-9)) ?? most;
  const count = Math.max(1, Math.ceil(most / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(12)));
}

/** Draws stacked bars with axes in the colors of the theme, from the upper left corner of the area. */
export function drawBars(context: CanvasRenderingContext2D, { labels, series, format }: Bars, area: Area): void {
  const text = themeColor('--vscode-foreground');
  const grid = themeColor('--vscode-editorIndentGuide-background1', '--vscode-widget-border', '--vscode-foreground');
  const sums = labels.map((_, at) => series.reduce((sum, { values }) => sum + (values[at] ?? 0), 0));
  const ticks = ticksFor(Math.max(0, ...sums) || 1);
  const top = ticks.at(-1) ?? 1;
  const [width, height] = [area.width - LEFT - RIGHT, area.height - TOP - BOTTOM];
  const yOf = (value: number): number => TOP + height - (value / top) * height;
  context.font = `11px ${getComputedStyle(document.body).fontFamily}`;
  context.lineWidth = 1;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const tick of ticks) {
    const y = Math.round(yOf(tick)) + 0.5;
    context.strokeStyle = grid;
    context.beginPath();
    context.moveTo(LEFT, y);
    context.lineTo(LEFT + width, y);
    context.stroke();
    context.fillStyle = text;
    context.fillText(format(tick), LEFT - 6, y);
  }
  const slot = width / Math.max(1, labels.length);
  const bar = Math.max(1, Math.min(MAX_BAR, slot * BAR_SHARE));
  const contrast = getComputedStyle(document.documentElement).getPropertyValue('--vscode-contrastBorder').trim();
  const reached = labels.map(() => 0);
  for (const { values, color } of series) {
    context.fillStyle = themeColor(color);
    context.strokeStyle = contrast;
    values.forEach((value, at) => {
      const from = reached[at] ?? 0;
      reached[at] = from + value;
      if (value <= 0) return;
      const [x, y] = [LEFT + slot * (at + 0.5) - bar / 2, yOf(from + value)];
      context.fillRect(x, y, bar, yOf(from) - y);
      if (contrast !== '') context.strokeRect(x, y, bar, yOf(from) - y);
    });
  }
  const every = Math.max(1, Math.ceil(LABEL_WIDTH / slot));
  context.fillStyle = text;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  labels.forEach((label, at) => {
    if (at % every === 0)
      context.fillText(cut(context, label, every * slot), LEFT + slot * (at + 0.5), TOP + height + 6);
  });
}

function cut(context: CanvasRenderingContext2D, text: string, width: number): string {
  let short = text;
  while (short.length > 1 && context.measureText(short).width > width) short = `${short.slice(0, -2)}…`;
  return short;
}

const FILE = { width: 900, height: 360, density: 2, head: 56 } as const;

/** The chart with its title and legend as a PNG in base64, in the colors of the theme. */
export function pngOf(bars: Bars, title: string): string {
  const canvas = document.createElement('canvas');
  canvas.width = FILE.width * FILE.density;
  canvas.height = FILE.height * FILE.density;
  const context = canvas.getContext('2d');
  if (context === null) return '';
  context.scale(FILE.density, FILE.density);
  context.fillStyle = themeColor('--vscode-editor-background');
  context.fillRect(0, 0, FILE.width, FILE.height);
  const text = themeColor('--vscode-foreground');
  const { fontFamily } = getComputedStyle(document.body);
  context.fillStyle = text;
  context.font = `600 15px ${fontFamily}`;
  context.fillText(title, 12, 22);
  context.font = `12px ${fontFamily}`;
  let left = 12;
  for (const { name, color } of bars.series) {
    context.fillStyle = themeColor(color);
    context.fillRect(left, 34, 10, 10);
    context.fillStyle = text;
    context.fillText(name, left + 15, 43);
    left += context.measureText(name).width + 32;
  }
  context.translate(0, FILE.head);
  drawBars(context, bars, { width: FILE.width, height: FILE.height - FILE.head });
  return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}
