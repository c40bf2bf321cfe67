import type { TaskStatus } from '../task/schema.ts';
import type { Standing } from '../task/standing.ts';

/** The kinds of standings that a picture distinguishes, by color and by shape. */
export type MarkKind = Standing['kind'];

type Point = readonly [x: number, y: number];

/** A small shape. Its polygons are filled by the even-odd rule in a square of 12 by 12. */
export interface Mark {
  readonly polygons: readonly (readonly Point[])[];
  /** On white: `#rrggbb`. */
  readonly color: string;
}

const gray = '#57606a';
const blue = '#0550ae';
const amber = '#9a6700';

const disc = circle(5);
const ring = [disc, circle(3.2)];
const play: readonly Point[] = [
  [2, 1],
  [11, 6],
  [2, 11],
];

/** The mark of each standing: no two have the same color and shape. */
export const marks: Readonly<Record<MarkKind, Mark>> = {
  draft: { polygons: [...ring], color: gray },
  ready: { polygons: [disc], color: gray },
  waiting: { polygons: [...ring, circle(1.6)], color: gray },
  asking: { polygons: [diamond(6)], color: amber },
  running: { polygons: [play], color: blue },
  open: { polygons: [diamond(6), diamond(3.4)], color: blue },
  paused: { polygons: [box(2, 1, 3, 10), box(7, 1, 3, 10)], color: amber },
  review: { polygons: [box(1, 1, 10, 10), box(3, 3, 6, 6)], color: '#8250df' },
  done: {
    polygons: [
      [
        [0.5, 6.5],
        [2.3, 4.7],
        [4.6, 7],
        [9.8, 1.8],
        [11.6, 3.6],
        [4.6, 10.6],
      ],
    ],
    color: '#1a7f37',
  },
  failed: {
    polygons: [
      [
        [1, 2.8],
        [2.8, 1],
        [6, 4.2],
        [9.2, 1],
        [11, 2.8],
        [7.8, 6],
        [11, 9.2],
        [9.2, 11],
        [6, 7.8],
        [2.8, 11],
        [1, 9.2],
        [4.2, 6],
      ],
    ],
    color: '#cf222e',
  },
  cancelled: { polygons: [box(1, 4.5, 10, 3)], color: gray },
};

/** The mark of a status, where nothing else about the task is known. */
export const markOfStatus: Readonly<Record<TaskStatus, MarkKind>> = {
  pending: 'ready',
  in_progress: 'running',
  paused: 'paused',
  completed_active: 'open',
  completed: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
};

function circle(radius: number): Point[] {
  return Array.from({ length: 16 }, (_, at): Point => {
    const angle = (at * Math.PI) / 8;
    return [tenth(6 + radius * Math.cos(angle)), tenth(6 + radius * Math.sin(angle))];
  });
}

function diamond(radius: number): Point[] {
  return [
    [6, 6 - radius],
    [6 + radius, 6],
    [6, 6 + radius],
    [6 - radius, 6],
  ];
}

function box(x: number, y: number, width: number, height: number): Point[] {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
