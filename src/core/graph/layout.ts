/** A task in a drawing, or the place where lines pass between the boxes of a column. */
export interface Cell {
  /** The task's number; for a lane, that of the task whose lines pass. */
  readonly number: number;
  readonly lane: boolean;
  /** Middle, from the top. */
  readonly y: number;
}

/** Points of a line, one per column, from the right edge of a box to the left edge of another. */
export interface Route {
  readonly from: number;
  readonly to: number;
  /** Column of the source box, and the heights at which the line passes the following columns. */
  readonly column: number;
  readonly heights: readonly number[];
}

export interface Layout {
  /** Cells of each column, from top to bottom. */
  readonly columns: readonly (readonly Cell[])[];
  readonly routes: readonly Route[];
  /** Lines that do not go forwards: there are some only where tasks wait for each other in a circle. */
  readonly backwards: readonly (readonly [from: number, to: number])[];
  /** Lines that cross boxes, because the graph has too many long lines for lanes. */
  readonly direct: readonly (readonly [from: number, to: number])[];
  readonly height: number;
}

export interface Sizes {
  readonly box: number;
  readonly lane: number;
  readonly gap: number;
}

interface Slot {
  readonly number: number;
  readonly lane: boolean;
  readonly before: Slot[];
  readonly after: Slot[];
  y: number;
}

/**
 * Number of passes that order columns by their neighbours. More passes hardly change a readable drawing.
 */
const SWEEPS = 8;
/** Bounds the time of a layout: once all lines pass this many columns, long ones are drawn straight. */
const MOST_PASSED = 20_000;

/**
 * Places tasks in columns and leads every line past the boxes between its ends: a line over several columns gets its
 * own lane in each of them, shared with the lines of the same task. So no line is ever behind a box, and one that leads
 * into a box ends there.
 */
export function layOut(
  layers: readonly (readonly number[])[],
  edges: readonly (readonly [from: number, to: number])[],
  sizes: Sizes,
): Layout {
  const columns = layers.map((layer) => layer.map((number): Slot => slot(number, false)));
  const columnOf = new Map<number, number>();
  columns.forEach((column, at) => {
    for (const { number } of column) columnOf.set(number, at);
  });
  const boxes = new Map(columns.flat().map((box) => [box.number, box]));
  const ways: { from: number; to: number; column: number; slots: Slot[] }[] = [];
  const backwards: (readonly [number, number])[] = [];
  const direct: (readonly [number, number])[] = [];
  const lanes = new Map<string, Slot>();
  let passed = 0;
  for (const [from, to] of edges) {
    const [start, end] = [boxes.get(from), boxes.get(to)];
    const [first, last] = [columnOf.get(from) ?? 0, columnOf.get(to) ?? 0];
    if (start === undefined || end === undefined) continue;
    if (last <= first) {
      backwards.push([from, to]);
      continue;
    }
    passed += last - first - 1;
    if (last > first + 1 && passed > MOST_PASSED) {
      direct.push([from, to]);
      connect(start, end);
      continue;
    }
    const slots = [start];
    for (let at = first + 1; at < last; at += 1) {
      const key = `${from} ${at}`;
      const known = lanes.get(key);
      const lane = known ?? slot(from, true);
      if (known === undefined) {
        columns[at]?.push(lane);
        lanes.set(key, lane);
        // A shared lane already has the line to it.
        connect(slots.at(-1) ?? start, lane);
      }
      slots.push(lane);
    }
    connect(slots.at(-1) ?? start, end);
    slots.push(end);
    ways.push({ from, to, column: first, slots });
  }
  arrange(columns, sizes);
  const height = columns.flat().reduce((most, each) => Math.max(most, each.y + sizeOf(each, sizes) / 2), sizes.box);
  return {
    columns: columns.map((column) => column.map(({ number, lane, y }) => ({ number, lane, y }))),
    routes: ways.map(({ from, to, column, slots }) => ({ from, to, column, heights: slots.map(({ y }) => y) })),
    backwards,
    direct,
    height,
  };
}

function slot(number: number, lane: boolean): Slot {
  return { number, lane, before: [], after: [], y: 0 };
}

function connect(from: Slot, to: Slot): void {
  from.after.push(to);
  to.before.push(from);
}

function sizeOf({ lane }: Slot, sizes: Sizes): number {
  return lane ? sizes.lane : sizes.box;
}

/** Each column in the order of its neighbours, in turn seen from the left and from the right. */
function arrange(columns: readonly Slot[][], sizes: Sizes): void {
  for (const column of columns) stack(column, sizes);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const forwards = sweep % 2 === 0;
    for (const column of forwards ? columns : columns.toReversed()) {
      const wished = new Map(column.map((each) => [each, middle(forwards ? each.before : each.after) ?? each.y]));
      const wish = (each: Slot): number => wished.get(each) ?? each.y;
      // Sorting is stable, so that the same tasks always produce the same drawing.
      column.sort((a, b) => wish(a) - wish(b));
      place(column, wish, sizes);
    }
  }
  const all = columns.flat();
  const top = all.reduce((least, each) => Math.min(least, each.y - sizeOf(each, sizes) / 2), Number.POSITIVE_INFINITY);
  for (const each of all) each.y -= top;
}

function middle(slots: readonly Slot[]): number | undefined {
  return slots.length === 0 ? undefined : slots.reduce((sum, { y }) => sum + y, 0) / slots.length;
}

function stack(column: readonly Slot[], sizes: Sizes): void {
  let bottom = 0;
  for (const each of column) {
    each.y = bottom + sizeOf(each, sizes) / 2;
    bottom += sizeOf(each, sizes) + sizes.gap;
  }
}

/**
 * As close to the preferred heights as order and gaps allow: stacked, and then shifted as a whole to suit most boxes.
 */
function place(column: readonly Slot[], wish: (each: Slot) => number, sizes: Sizes): void {
  const wishes = column.map(wish);
  column.forEach((each, at) => {
    const above = column[at - 1];
    const least =
      above === undefined
        ? Number.NEGATIVE_INFINITY
        : above.y + sizeOf(above, sizes) / 2 + sizes.gap + sizeOf(each, sizes) / 2;
    each.y = Math.max(wishes[at] ?? each.y, least);
  });
  const shift = column.reduce((sum, each, at) => sum + (wishes[at] ?? each.y) - each.y, 0) / column.length;
  for (const each of column) each.y += shift;
}
