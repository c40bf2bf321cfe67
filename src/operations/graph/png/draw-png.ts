import { TaskError } from '../../../core/errors.ts';
import { fileSizes, fitted, type GraphNode, inBox, statusLine } from '../../../core/graph/boxes.ts';
import { marks } from '../../../core/graph/marks.ts';
import { type Line, pictureOf } from '../../../core/graph/picture.ts';
import { operationStep } from '../../../core/next-step.ts';
import { encodePng } from './encode.ts';
import { drawText, FONT_SIZE, missingLetters, textWidth } from './font.ts';
import { Raster } from './raster.ts';

type Point = readonly [x: number, y: number];

/** Up to this many pixels, a picture has two pixels for each of its units, for dense screens. */
const DENSE_PIXELS = 40_000_000;
const MOST_PIXELS = 100_000_000;
/** Pixels per metre at 96 per inch. */
const DENSITY = 3_780;
const gray = '#57606a';
const black = '#1f2328';

export interface PngPicture {
  readonly bytes: Buffer;
  /** Letters of titles that the font does not have. */
  readonly missing: number;
}

/**
 * Draws tasks and their dependencies as PNG, in the places of the SVG drawing.
 *
 * @throws TaskError `TooLarge` if the picture has more than 100 million pixels
 */
export function drawPng(nodes: readonly GraphNode[]): PngPicture {
  const picture = pictureOf(nodes, fileSizes);
  const area = picture.width * picture.height;
  if (area > MOST_PIXELS) {
    const size = `${picture.width.toLocaleString('en')} × ${picture.height.toLocaleString('en')} pixels`;
    throw new TaskError('TooLarge', `A PNG of ${nodes.length} tasks has ${size}, too many for one image.`, {
      next: [operationStep('Draw an SVG, which has no such limit', 'task.graph', { format: 'svg' })],
    });
  }
  const scale = area * 4 <= DENSE_PIXELS ? 2 : 1;
  const raster = new Raster(picture.width * scale, picture.height * scale);
  for (const line of picture.lines) drawLine(raster, line, scale);
  let missing = 0;
  for (const { node, x, y } of picture.boxes) missing += drawBox(raster, node, Math.round(x), Math.round(y), scale);
  const { width, height, pixels, palette } = raster;
  return {
    bytes: encodePng({
      width,
      height,
      pixels,
      palette: palette.length === 0 ? [[255, 255, 255]] : palette,
      density: DENSITY * scale,
    }),
    missing,
  };
}

/** Returns the number of letters that the font does not have. */
function drawBox(raster: Raster, node: GraphNode, x: number, y: number, scale: 1 | 2): number {
  const { width, height } = fileSizes;
  const { left, right, label, mark, status } = inBox;
  const glyphs = scale === 2 ? 1 : 0.5;
  // The font has one size, between the two of the SVG drawing: 12 pixels.
  const unit = FONT_SIZE / 12;
  const cut = (text: string, from: number): string =>
    fitted(text, (width - from - right) * unit, (letter) => textWidth(letter));
  raster.clear((x + 1) * scale, (y + 1) * scale, (width - 2) * scale, (height - 2) * scale);
  raster.frame((x + 1) * scale, (y + 1) * scale, (width - 2) * scale, (height - 2) * scale, 6 * scale, scale, gray);
  const { polygons, color } = marks[node.mark];
  const place = ([px, py]: Point): Point => [(x + mark.left + px) * scale, (y + mark.top + py) * scale];
  raster.polygons(
    polygons.map((points) => points.map(place)),
    color,
  );
  const [title, line] = [cut(node.label, left), cut(statusLine(node), status.left)];
  drawText(raster, title, (x + left) * scale, (y + label.text) * scale, glyphs, black);
  drawText(raster, line, (x + status.left) * scale, (y + status.text) * scale, glyphs, gray);
  return missingLetters(title) + missingLetters(line);
}

function drawLine(raster: Raster, { start, steps, back }: Line, scale: number): void {
  const scaled = ([x, y]: Point): Point => [x * scale, y * scale];
  const points: Point[] = [scaled(start)];
  for (const step of steps) {
    const from = points.at(-1) ?? [0, 0];
    if (step.length === 2) points.push(scaled(step));
    else {
      const [x1, y1, x2, y2, x, y] = step;
      points.push(...curve(from, scaled([x1, y1]), scaled([x2, y2]), scaled([x, y])));
    }
  }
  points.slice(1).forEach((point, at) => {
    const from = points[at] ?? point;
    if (back) dashed(raster, from, point, scale);
    else raster.line(from, point, scale, gray);
  });
  const [tip, before] = [points.at(-1), points.at(-2)];
  if (tip !== undefined && before !== undefined) arrow(raster, before, tip, scale);
}

function curve([x0, y0]: Point, [x1, y1]: Point, [x2, y2]: Point, [x3, y3]: Point): Point[] {
  const count = Math.max(4, Math.min(24, Math.ceil(Math.hypot(x3 - x0, y3 - y0) / 12)));
  return Array.from({ length: count }, (_, at): Point => {
    const t = (at + 1) / count;
    const [a, b, c, d] = [(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t ** 2, t ** 3];
    return [a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3];
  });
}

function dashed(raster: Raster, [x1, y1]: Point, [x2, y2]: Point, scale: number): void {
  const length = Math.hypot(x2 - x1, y2 - y1);
  const [dx, dy] = [(x2 - x1) / (length || 1), (y2 - y1) / (length || 1)];
  for (let at = 0; at < length; at += 7 * scale) {
    const end = Math.min(length, at + 4 * scale);
    raster.line([x1 + dx * at, y1 + dy * at], [x1 + dx * end, y1 + dy * end], scale, gray);
  }
}

function arrow(raster: Raster, [x1, y1]: Point, [x2, y2]: Point, scale: number): void {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [dx, dy] = [((x2 - x1) / length) * scale, ((y2 - y1) / length) * scale];
  raster.polygons(
    [
      [
        [x2, y2],
        [x2 - 7 * dx - 4 * dy, y2 - 7 * dy + 4 * dx],
        [x2 - 7 * dx + 4 * dy, y2 - 7 * dy - 4 * dx],
      ],
    ],
    gray,
  );
}
