import type { TaskRecord } from '../task/schema.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { dependencyOrder } from './order.ts';

export const graphFormats = ['text', 'mermaid', 'dot', 'svg'] as const;
export type GraphFormat = (typeof graphFormats)[number];

interface Node {
  readonly number: number;
  readonly label: string;
  readonly status: string;
  /** Numbers of the tasks that it waits for. */
  readonly after: readonly number[];
  /** How many of those that it depends on are not there any more. */
  readonly gone: number;
}

/** Draws tasks and what they depend on; layer by layer, so that what can run first comes first. */
export function drawGraph(tasks: Iterable<TaskRecord>, format: GraphFormat): string {
  const list = [...tasks];
  const numbers = new Map<string, number>(list.map((task) => [task.id, task.number]));
  const layers = dependencyOrder(list).layers.map((layer) => layer.map((task) => nodeOf(task, numbers)));
  return drawings[format](layers);
}

const drawings: Readonly<Record<GraphFormat, (layers: readonly (readonly Node[])[]) => string>> = {
  text: (layers) => layers.flat().map(textOf).join('\n'),
  mermaid: (layers) =>
    [
      'graph LR',
      ...layers.flat().map(({ number, label, status }) => `  t${number}["${mermaidText(`${label} - ${status}`)}"]`),
      ...edges(layers).map(([from, to]) => `  t${from} --> t${to}`),
    ].join('\n'),
  dot: (layers) =>
    [
      'digraph tasks {',
      '  rankdir=LR;',
      '  node [shape=box];',
      ...layers.flat().map(({ number, label, status }) => `  t${number} [label="${dotText(label)}\\n${status}"];`),
      ...edges(layers).map(([from, to]) => `  t${from} -> t${to};`),
      '}',
    ].join('\n'),
  svg: drawSvg,
};

function nodeOf(task: TaskRecord, numbers: ReadonlyMap<string, number>): Node {
  const after = task.depends_on.flatMap((id) => numbers.get(id) ?? []);
  const gone = task.depends_on.length - after.length;
  return {
    number: task.number,
    label: `#${task.number} ${sanitizeLine(task.title)}`,
    status: task.status,
    after,
    gone,
  };
}

function edges(layers: readonly (readonly Node[])[]): [number, number][] {
  return layers.flat().flatMap(({ number, after }) => after.map((from): [number, number] => [from, number]));
}

function textOf({ label, status, after, gone }: Node): string {
  const waits = after.map((number) => `#${number}`);
  if (gone > 0) waits.push(gone === 1 ? 'a deleted task' : `${gone} deleted tasks`);
  return `${label}  ${status}${waits.length === 0 ? '' : `\n  after ${waits.join(', ')}`}`;
}

/** A title is data: everything that could mean something to the reader of the drawing is written as its code. */
function mermaidText(text: string): string {
  return text.replace(/[^\p{L}\p{M}\p{N} .,:()/-]/gu, (char) => `#${char.codePointAt(0)};`);
}

function dotText(text: string): string {
  return text.replaceAll('&', '&amp;').replace(/["\\]/g, (char) => `\\${char}`);
}

function xmlText(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.codePointAt(0)};`);
}

const BOX = { width: 260, height: 48, gapX: 80, gapY: 20, margin: 20 } as const;

/** Columns of boxes, with lines from the right edge of what comes first to the left edge of what waits for it. */
function drawSvg(layers: readonly (readonly Node[])[]): string {
  const places = new Map<number, { x: number; y: number }>();
  layers.forEach((layer, column) => {
    layer.forEach(({ number }, row) => {
      const x = BOX.margin + column * (BOX.width + BOX.gapX);
      places.set(number, { x, y: BOX.margin + row * (BOX.height + BOX.gapY) });
    });
  });
  const rows = layers.reduce((most, layer) => Math.max(most, layer.length), 1);
  const width = BOX.margin * 2 + Math.max(1, layers.length) * (BOX.width + BOX.gapX) - BOX.gapX;
  const height = BOX.margin * 2 + rows * (BOX.height + BOX.gapY) - BOX.gapY;
  const lines = edges(layers).map(([from, to]) => {
    const a = places.get(from) ?? { x: 0, y: 0 };
    const b = places.get(to) ?? { x: 0, y: 0 };
    const [x1, y1, x2, y2] = [a.x + BOX.width, a.y + BOX.height / 2, b.x, b.y + BOX.height / 2];
    const bend = BOX.gapX / 2;
    return `<path d="M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2 - 2} ${y2}" marker-end="url(#end)"/>`;
  });
  const boxes = layers.flat().map(({ number, label, status }) => {
    const { x, y } = places.get(number) ?? { x: 0, y: 0 };
    // An inner picture of its own cuts off what is too long.
    return [
      `<svg x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}"><title>${xmlText(label)}</title>`,
      `<rect x="1" y="1" width="${BOX.width - 2}" height="${BOX.height - 2}" rx="6"/>`,
      `<text x="10" y="20">${xmlText(label)}</text><text x="10" y="38" class="status">${status}</text></svg>`,
    ].join('');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    '<style>rect{fill:#fff;stroke:#57606a}path{fill:none;stroke:#57606a}marker path{fill:#57606a}',
    'text{font:13px sans-serif;fill:#1f2328}.status{font-size:11px;fill:#57606a}</style>',
    '<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">',
    '<path d="M0 0L8 4L0 8Z"/></marker></defs>',
    `<rect width="${width}" height="${height}" style="stroke:none"/>`,
    ...lines,
    ...boxes,
    '</svg>',
  ].join('\n');
}
