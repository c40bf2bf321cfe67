import { type Layout, layOut } from './layout.ts';

/** A task as it is drawn. */
export interface GraphNode {
  readonly number: number;
  readonly label: string;
  readonly status: string;
  /** Numbers of the tasks that it waits for. */
  readonly after: readonly number[];
  /** Names of deleted dependencies. */
  readonly gone: readonly string[];
}

const BOX = { width: 260, height: 48, gapX: 90, gapY: 20, lane: 2, margin: 20 } as const;
/** Space beneath the boxes for each backward line. */
const BACK = 14;

/** Columns of boxes, with lines from the right edge of a dependency to the left edge of its dependent. */
export function drawSvg(layers: readonly (readonly GraphNode[])[]): string {
  const nodes = new Map(layers.flat().map((node) => [node.number, node]));
  const edges = layers.flat().flatMap(({ number, after }) => after.map((from): [number, number] => [from, number]));
  const layout = layOut(
    layers.map((layer) => layer.map(({ number }) => number)),
    edges,
    { box: BOX.height, lane: BOX.lane, gap: BOX.gapY },
  );
  const width = BOX.margin * 2 + Math.max(1, layers.length) * (BOX.width + BOX.gapX) - BOX.gapX;
  const height = Math.ceil(BOX.margin * 2 + layout.height + layout.backwards.length * BACK);
  const lines = layout.routes.map(({ column, heights }) => {
    const [first = 0, ...rest] = heights;
    const path = rest.map((y, at) => step(column + at, heights[at] ?? first, y, at === rest.length - 1));
    return line(`M${left(column) + BOX.width} ${round(first + BOX.margin)}${path.join('')}`);
  });
  const boxes = layout.columns.flatMap((column, at) =>
    column.flatMap(({ number, lane, y }) => {
      const node = lane ? undefined : nodes.get(number);
      return node === undefined ? [] : [box(node, left(at), round(y + BOX.margin - BOX.height / 2))];
    }),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    '<style>rect{fill:#fff;stroke:#57606a}path{fill:none;stroke:#57606a}marker path{fill:#57606a}',
    'text{font:13px sans-serif;fill:#1f2328}.status{font-size:11px;fill:#57606a}</style>',
    '<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">',
    '<path d="M0 0L8 4L0 8Z"/></marker></defs>',
    `<rect width="${width}" height="${height}" style="stroke:none"/>`,
    ...lines,
    ...layout.backwards.map((edge, at) => line(backwards(layout, edge, at), ' stroke-dasharray="4 3"')),
    ...boxes,
    '</svg>',
  ].join('\n');
}

/** Through the gap after a column, and on through the next one if the line does not end there. */
function step(column: number, from: number, to: number, last: boolean): string {
  const [x1, x2] = [left(column) + BOX.width, left(column + 1)];
  const [y1, y2] = [round(from + BOX.margin), round(to + BOX.margin)];
  const bend = BOX.gapX / 2;
  const curve = `C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${last ? x2 - 2 : x2} ${y2}`;
  return last ? curve : `${curve}H${x2 + BOX.width}`;
}

/** Around, beneath all boxes. */
function backwards({ columns, height }: Layout, [from, to]: readonly [number, number], at: number): string {
  const find = (number: number): { x: number; y: number } => {
    const column = columns.findIndex((cells) => cells.some((cell) => !cell.lane && cell.number === number));
    const cell = columns[column]?.find((each) => !each.lane && each.number === number);
    return { x: left(column), y: round((cell?.y ?? 0) + BOX.margin) };
  };
  const [a, b] = [find(from), find(to)];
  const beneath = round(height + BOX.margin + BACK * (at + 1));
  // A few beside each other, so that two that turn at the same box stay distinct.
  const aside = 6 + (at % 4) * 3;
  return `M${a.x + BOX.width} ${a.y}h${aside}V${beneath}H${b.x - aside}V${b.y}H${b.x - 2}`;
}

function line(path: string, more = ''): string {
  return `<path d="${path}"${more} marker-end="url(#end)"/>`;
}

/** A long title is cut; pointing at the box shows all of it. */
function box({ label, status, gone }: GraphNode, x: number, y: number): string {
  const waits = gone.length === 0 ? '' : `, after ${gone.join(', ')}`;
  const room = BOX.width - 20;
  return [
    `<svg x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}"><title>${xmlText(label)}</title>`,
    `<rect x="1" y="1" width="${BOX.width - 2}" height="${BOX.height - 2}" rx="6"/>`,
    `<svg x="10" width="${BOX.width - 20}"><text y="20">${xmlText(fitted(label, room, 13))}</text>`,
    `<text y="38" class="status">${xmlText(fitted(`${status}${waits}`, room, 11))}</text></svg></svg>`,
  ].join('');
}

/** Cuts a text with "…" to a width in pixels, by the usual widths of sans-serif letters. */
function fitted(text: string, width: number, size: number): string {
  const letters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  let used = 0;
  let fits = 0;
  for (const letter of letters) {
    used += letterWidth(letter) * size;
    if (used <= width - size) fits += 1;
    if (used > width) return `${letters.slice(0, fits).join('').trimEnd()}…`;
  }
  return text;
}

/** In parts of the font's size. Rather too wide than too narrow. */
function letterWidth(letter: string): number {
  if (/^[ijlI.,:;!'|]/.test(letter)) return 0.35;
  if (/^[frt ()[\]{}"-]/.test(letter)) return 0.45;
  if (/^[mwMW@%]/.test(letter)) return 1;
  if (/^[A-Z#&]/.test(letter)) return 0.78;
  return /^[\u1100-\uffff\u{1f000}-\u{3ffff}]/u.test(letter) ? 1.1 : 0.62;
}

function left(column: number): number {
  return BOX.margin + column * (BOX.width + BOX.gapX);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** A title is data: everything that could mean something to the reader of the drawing is written as its code. */
function xmlText(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.codePointAt(0)};`);
}
