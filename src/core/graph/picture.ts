import { layOut } from './layout.ts';
import { dependencyOrder } from './order.ts';

/** A box of a picture: a task or a cluster of tasks. */
export interface PictureNode {
  /** Unique in the picture. */
  readonly number: number;
  /** Numbers of the nodes that it waits for. */
  readonly after: readonly number[];
}

export interface Box<N extends PictureNode> {
  readonly node: N;
  /** Upper left corner. */
  readonly x: number;
  readonly y: number;
}

/** The next part of a line: a straight line to `[x, y]`, or a Bézier curve `[x1, y1, x2, y2, x, y]`. */
export type Step =
  | readonly [x: number, y: number]
  | readonly [x1: number, y1: number, x2: number, y2: number, x: number, y: number];

export interface Line {
  readonly from: number;
  readonly to: number;
  /** True for a line that closes a cycle. */
  readonly back: boolean;
  readonly start: readonly [x: number, y: number];
  readonly steps: readonly Step[];
}

/** Boxes and lines with their places, in pixels. */
export interface Picture<N extends PictureNode = PictureNode> {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box<N>[];
  readonly lines: readonly Line[];
}

/** Sizes in pixels. `gapX` is between two columns of connected boxes. */
export interface PictureSizes {
  readonly width: number;
  readonly height: number;
  readonly gapX: number;
  readonly gapY: number;
  readonly margin: number;
}

const LANE = 2;
/** Space beneath the boxes for each backward line. */
const BACK = 14;
/** Width of a picture relative to its height. */
const ASPECT = 1.6;

/**
 * Places boxes and lines: connected boxes in columns from left to right, each connected part separately, and beneath them
 * the boxes without lines in rows. The same nodes always produce the same picture.
 */
export function pictureOf<N extends PictureNode>(nodes: readonly N[], sizes: PictureSizes): Picture<N> {
  const parts = connectedParts(nodes);
  const blocks = parts.filter((part) => part.length > 1 || isLoop(part)).map((part) => blockOf(part, sizes));
  const single = parts.filter((part) => part.length === 1 && !isLoop(part)).flat();
  const cell = { width: sizes.width + sizes.gapY, height: sizes.height + sizes.gapY };
  const gap = sizes.gapY * 2;
  const area = blocks.reduce((sum, { width, height }) => sum + (width + gap) * (height + gap), 0);
  const wide = blocks.reduce((most, { width }) => Math.max(most, width), sizes.width);
  const target = Math.max(wide, Math.sqrt(ASPECT * (area + single.length * cell.width * cell.height)));
  const boxes: Box<N>[] = [];
  const lines: Line[] = [];
  let [x, y, row] = [0, 0, 0];
  let width = 0;
  // Tall parts first: each row is as high as its first part.
  for (const block of blocks.sort((a, b) => b.height - a.height)) {
    if (x > 0 && x + block.width > target) [x, y, row] = [0, y + row + gap, 0];
    const [dx, dy] = [x + sizes.margin, y + sizes.margin];
    for (const box of block.boxes) boxes.push({ ...box, x: round(box.x + dx), y: round(box.y + dy) });
    for (const line of block.lines) lines.push(moved(line, dx, dy));
    width = Math.max(width, x + block.width);
    row = Math.max(row, block.height);
    x += block.width + gap;
  }
  const top = blocks.length === 0 ? 0 : y + row + gap;
  const perRow = Math.max(1, Math.floor((target + sizes.gapY) / cell.width));
  single.forEach((node, at) => {
    const [left, down] = [(at % perRow) * cell.width, top + Math.floor(at / perRow) * cell.height];
    boxes.push({ node, x: round(left + sizes.margin), y: round(down + sizes.margin) });
    width = Math.max(width, left + sizes.width);
  });
  const rows = Math.ceil(single.length / perRow);
  const height = rows === 0 ? y + row : top + rows * cell.height - sizes.gapY;
  return { width: Math.ceil(width + 2 * sizes.margin), height: Math.ceil(height + 2 * sizes.margin), boxes, lines };
}

function isLoop([node]: readonly PictureNode[]): boolean {
  return node?.after.includes(node.number) === true;
}

/** Groups of nodes that lines connect in either direction, in the order of their first nodes. */
function connectedParts<N extends PictureNode>(nodes: readonly N[]): N[][] {
  const roots = new Map(nodes.map(({ number }) => [number, number]));
  const rootOf = (number: number): number => {
    let root = number;
    for (let up = roots.get(root); up !== undefined && up !== root; up = roots.get(root)) root = up;
    // The next question takes one step.
    for (let at = number; at !== root; ) {
      const up = roots.get(at) ?? root;
      roots.set(at, root);
      at = up;
    }
    return root;
  };
  for (const { number, after } of nodes)
    for (const other of after) if (roots.has(other)) roots.set(rootOf(number), rootOf(other));
  const parts = new Map<number, N[]>();
  for (const node of nodes) {
    const root = rootOf(node.number);
    const part = parts.get(root);
    if (part === undefined) parts.set(root, [node]);
    else part.push(node);
  }
  return [...parts.values()];
}

/** One connected part, with its upper left corner at 0, 0. */
function blockOf<N extends PictureNode>(nodes: readonly N[], sizes: PictureSizes): Picture<N> {
  const byNumber = new Map(nodes.map((node) => [node.number, node]));
  const edges = nodes.flatMap(({ number, after }) =>
    [...new Set(after)].filter((from) => byNumber.has(from)).map((from): [number, number] => [from, number]),
  );
  const { layers } = dependencyOrder(
    nodes.map(({ number, after }) => ({ id: String(number), depends_on: after.map(String) })),
  );
  const layout = layOut(
    layers.map((layer) => layer.map(({ id }) => Number(id))),
    edges,
    { box: sizes.height, lane: LANE, gap: sizes.gapY },
  );
  const left = (column: number): number => column * (sizes.width + sizes.gapX);
  const middles = new Map<number, readonly [x: number, y: number]>();
  layout.columns.forEach((column, at) => {
    for (const { number, lane, y } of column) if (!lane) middles.set(number, [left(at), y]);
  });
  const boxes = [...middles].flatMap(([number, [x, y]]) => {
    const node = byNumber.get(number);
    return node === undefined ? [] : [{ node, x, y: y - sizes.height / 2 }];
  });
  const lines: Line[] = [];
  for (const { from, to, column, heights } of layout.routes) {
    const [first = 0, ...rest] = heights;
    const steps: Step[] = [];
    let y1 = first;
    rest.forEach((y2, at) => {
      const [x1, x2] = [left(column + at) + sizes.width, left(column + at + 1)];
      steps.push(curve(x1, y1, x2, y2));
      if (at < rest.length - 1) steps.push([x2 + sizes.width, y2]);
      y1 = y2;
    });
    lines.push({ from, to, back: false, start: [left(column) + sizes.width, first], steps });
  }
  for (const [from, to] of layout.direct) {
    const [[x1, y1], [x2, y2]] = [middles.get(from) ?? [0, 0], middles.get(to) ?? [0, 0]];
    const steps = [curve(x1 + sizes.width, y1, x2, y2)];
    lines.push({ from, to, back: false, start: [x1 + sizes.width, y1], steps });
  }
  layout.backwards.forEach(([from, to], at) => {
    const [[x1, y1], [x2, y2]] = [middles.get(from) ?? [0, 0], middles.get(to) ?? [0, 0]];
    const beneath = layout.height + BACK * (at + 1);
    // Slightly offset, so that two lines that turn at the same box stay distinct.
    const aside = 6 + (at % 4) * 3;
    const [right, before] = [x1 + sizes.width + aside, x2 - aside];
    const steps: Step[] = [
      [right, y1],
      [right, beneath],
      [before, beneath],
      [before, y2],
      [x2, y2],
    ];
    lines.push({ from, to, back: true, start: [x1 + sizes.width, y1], steps });
  });
  const back = layout.backwards.length === 0 ? 0 : BACK * (layout.backwards.length + 1);
  return { width: left(layers.length) - sizes.gapX, height: layout.height + back, boxes, lines };
}

function curve(x1: number, y1: number, x2: number, y2: number): Step {
  const bend = (x2 - x1) / 2;
  return [x1 + bend, y1, x2 - bend, y2, x2, y2];
}

function moved(line: Line, dx: number, dy: number): Line {
  const move = (step: Step): Step =>
    step.map((value, at) => round(value + (at % 2 === 0 ? dx : dy))) as unknown as Step;
  const [x, y] = line.start;
  return { ...line, start: [round(x + dx), round(y + dy)], steps: line.steps.map(move) };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
