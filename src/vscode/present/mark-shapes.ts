import { marks } from '../../core/graph/marks.ts';
import type { MarkShapes } from '../../webviews/kit/mark-schema.ts';

/** The shape of each standing for a page. */
export function markShapes(): MarkShapes {
  return Object.entries(marks).map(([mark, { polygons }]) => ({
    mark,
    polygons: polygons.map((polygon) => polygon.map((point) => [...point])),
  }));
}
