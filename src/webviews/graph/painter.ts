import { themeColor } from '../kit/theme.ts';
import type { Camera, Size } from './camera.ts';
import type { GraphNode, GraphWords } from './protocol.ts';
import type { PlacedLine, SceneIndex } from './scene-index.ts';

/** Marks of the person in the picture. */
export interface Marked {
  readonly selected: number | undefined;
  /** Numbers that the search has found; undefined without a search. */
  readonly found: ReadonlySet<number> | undefined;
}

/** A line that the person drags, from a point of the picture to another. */
export interface DraggedLine {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly allowed: boolean;
}

/** Below this scale, text cannot be read and is left out. */
const TEXT_SCALE = 0.42;
const colorsOfMarks: Readonly<Record<string, string>> = {
  asking: '--vscode-editorWarning-foreground',
  failed: '--vscode-charts-red',
  running: '--vscode-charts-blue',
  open: '--vscode-charts-blue',
  review: '--vscode-charts-purple',
  paused: '--vscode-charts-yellow',
  done: '--vscode-charts-green',
};

/** Draws a scene. One per theme: it keeps its colors, shapes and cut titles. */
export class Painter {
  private readonly shapes: ReadonlyMap<string, Path2D>;
  private readonly titles = new Map<string, string>();
  private readonly text = themeColor('--vscode-editor-foreground', '--vscode-foreground');
  private readonly quiet = themeColor('--vscode-descriptionForeground', '--vscode-foreground');
  private readonly box = themeColor('--vscode-editorWidget-background', '--vscode-editor-background');
  private readonly border = themeColor(
    '--vscode-contrastBorder',
    '--vscode-editorWidget-border',
    '--vscode-foreground',
  );
  private readonly strong = opaque(themeColor('--vscode-charts-orange'));
  private readonly focus = themeColor('--vscode-focusBorder');
  private readonly match = themeColor('--vscode-editor-findMatchBorder', '--vscode-charts-yellow');
  private readonly bad = themeColor('--vscode-errorForeground');
  private readonly font = getComputedStyle(document.body).fontFamily;
  private readonly marks: ReadonlyMap<string, string>;

  constructor(words: GraphWords) {
    this.marks = new Map(
      words.marks.map(({ mark }) => [mark, themeColor(colorsOfMarks[mark] ?? '--vscode-descriptionForeground')]),
    );
    this.shapes = new Map(words.marks.map(({ mark, polygons }) => [mark, shapeOf(polygons)]));
  }

  /** Draws the part of a scene that the camera sees. Sizes are in CSS pixels; `density` is the number of device pixels in one. */
  draw(
    context: CanvasRenderingContext2D,
    index: SceneIndex,
    camera: Camera,
    size: Size,
    density: number,
    marked: Marked,
  ): void {
    const { scale } = camera;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, size.width * density, size.height * density);
    this.place(context, camera, density);
    const view = {
      left: -camera.x / scale,
      top: -camera.y / scale,
      right: (size.width - camera.x) / scale,
      bottom: (size.height - camera.y) / scale,
    };
    const thin = Math.max(1, 0.6 / scale);
    const lines = index.lines.filter(
      (line) =>
        line.right >= view.left && line.left <= view.right && line.bottom >= view.top && line.top <= view.bottom,
    );
    const touches = (line: PlacedLine): boolean => line.from === marked.selected || line.to === marked.selected;
    const plain = (kind: PlacedLine['kind']) =>
      lines.filter((line) => line.kind === kind && !line.critical && !touches(line));
    context.globalAlpha = scale < TEXT_SCALE ? 0.5 : 0.8;
    this.strokeLines(context, plain('dependency'), this.quiet, thin, []);
    this.strokeLines(context, plain('parent'), this.quiet, thin, [2, 4]);
    context.globalAlpha = 1;
    this.strokeLines(context, plain('cycle'), this.bad, thin, [6, 4]);
    this.strokeLines(
      context,
      lines.filter(({ critical }) => critical),
      this.strong,
      thin * 2.2,
      [],
    );
    this.strokeLines(context, lines.filter(touches), this.focus, thin * 2, []);
    const { boxWidth, boxHeight, nodes } = index.scene;
    const seen = nodes.filter(
      ({ x, y }) => x + boxWidth >= view.left && x <= view.right && y + boxHeight >= view.top && y <= view.bottom,
    );
    if (scale < TEXT_SCALE) this.drawFar(context, seen, index, marked, scale);
    else for (const node of seen) this.drawNode(context, node, index, marked, thin);
  }

  /** Draws a line that a person drags, over the scene. */
  drawDrag(context: CanvasRenderingContext2D, drag: DraggedLine, camera: Camera, density: number): void {
    this.place(context, camera, density);
    context.strokeStyle = drag.allowed ? this.focus : this.bad;
    context.lineWidth = 2 / camera.scale;
    context.beginPath();
    context.moveTo(...drag.from);
    context.lineTo(...drag.to);
    context.stroke();
  }

  private place(context: CanvasRenderingContext2D, { x, y, scale }: Camera, density: number): void {
    context.setTransform(scale * density, 0, 0, scale * density, x * density, y * density);
  }

  private strokeLines(
    context: CanvasRenderingContext2D,
    lines: readonly PlacedLine[],
    color: string,
    width: number,
    dash: number[],
  ): void {
    if (lines.length === 0) return;
    context.strokeStyle = color;
    context.fillStyle = color;
    context.lineWidth = width;
    context.setLineDash(dash);
    context.beginPath();
    for (const { start, steps } of lines) {
      context.moveTo(start[0] ?? 0, start[1] ?? 0);
      for (const [a = 0, b = 0, c, d, e, f] of steps) {
        if (c === undefined) context.lineTo(a, b);
        else context.bezierCurveTo(a, b, c, d ?? 0, e ?? 0, f ?? 0);
      }
    }
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    for (const { steps, kind } of lines) {
      if (kind === 'parent') continue;
      const [x = 0, y = 0] = (steps.at(-1) ?? []).slice(-2);
      context.moveTo(x, y);
      context.lineTo(x - 8, y - 4);
      context.lineTo(x - 8, y + 4);
    }
    context.fill();
  }

  /** Small boxes: color and shape of the standing only. */
  private drawFar(
    context: CanvasRenderingContext2D,
    nodes: readonly GraphNode[],
    index: SceneIndex,
    marked: Marked,
    scale: number,
  ): void {
    const { boxWidth, boxHeight } = index.scene;
    for (const [mark, color] of this.marks) {
      const own = nodes.filter((node) => node.mark === mark);
      if (own.length === 0) continue;
      context.fillStyle = this.box;
      context.strokeStyle = color;
      context.lineWidth = Math.min(4, 1 / scale);
      context.beginPath();
      for (const { x, y } of own) context.rect(x, y, boxWidth, boxHeight);
      context.fill();
      context.stroke();
      context.fillStyle = color;
      const shape = this.shapes.get(mark);
      for (const { x, y } of own)
        if (shape !== undefined) this.fillShape(context, shape, x + boxWidth / 2 - 18, y + boxHeight / 2 - 18, 3);
    }
    for (const node of nodes) this.drawFrame(context, node, index, marked, 1.5 / scale);
  }

  private drawNode(
    context: CanvasRenderingContext2D,
    node: GraphNode,
    index: SceneIndex,
    marked: Marked,
    thin: number,
  ): void {
    const { boxWidth, boxHeight } = index.scene;
    const { x, y, mark } = node;
    const color = this.marks.get(mark) ?? this.quiet;
    context.globalAlpha = marked.found === undefined || marked.found.has(node.number) ? 1 : 0.35;
    context.fillStyle = this.box;
    context.strokeStyle = this.border;
    context.lineWidth = thin;
    context.beginPath();
    context.roundRect(x, y, boxWidth, boxHeight, 5);
    context.fill();
    context.stroke();
    context.fillStyle = color;
    context.fillRect(x, y + 4, 4, boxHeight - 8);
    const shape = this.shapes.get(mark);
    if (shape !== undefined) this.fillShape(context, shape, x + 12, y + 24.5, 1);
    context.fillStyle = this.text;
    context.font = `12.5px ${this.font}`;
    context.textBaseline = 'alphabetic';
    context.fillText(this.cut(context, node.label, boxWidth - 24), x + 12, y + 18);
    context.fillStyle = this.quiet;
    context.font = `11px ${this.font}`;
    context.fillText(this.cut(context, node.detail, boxWidth - 42), x + 30, y + 34.5);
    this.drawShares(context, node, boxWidth, boxHeight);
    this.drawFrame(context, node, index, marked, 2);
    context.globalAlpha = 1;
  }

  /** The standings in a cluster, as parts of a bar along its lower edge. */
  private drawShares(
    context: CanvasRenderingContext2D,
    { x, y, shares }: GraphNode,
    boxWidth: number,
    boxHeight: number,
  ): void {
    let left = x + 12;
    for (const { mark, share } of shares) {
      context.fillStyle = this.marks.get(mark) ?? this.quiet;
      const width = share * (boxWidth - 24);
      context.fillRect(left, y + boxHeight - 5, width, 3);
      left += width;
    }
  }

  /** Around a node that is selected, found or on the critical path. */
  private drawFrame(
    context: CanvasRenderingContext2D,
    node: GraphNode,
    index: SceneIndex,
    marked: Marked,
    width: number,
  ): void {
    const selected = node.number === marked.selected;
    const found = marked.found?.has(node.number) === true;
    if (!selected && !found && !node.critical) return;
    context.strokeStyle = selected ? this.focus : found ? this.match : this.strong;
    context.lineWidth = selected ? width * 1.5 : width;
    const { boxWidth, boxHeight } = index.scene;
    context.beginPath();
    context.roundRect(node.x, node.y, boxWidth, boxHeight, 5);
    context.stroke();
    if (!selected || node.id === '') return;
    // The handle for a new dependency.
    context.fillStyle = this.focus;
    context.beginPath();
    context.arc(node.x + boxWidth, node.y + boxHeight / 2, 5, 0, 2 * Math.PI);
    context.fill();
  }

  private fillShape(context: CanvasRenderingContext2D, shape: Path2D, x: number, y: number, size: number): void {
    context.translate(x, y);
    context.scale(size, size);
    context.fill(shape, 'evenodd');
    context.scale(1 / size, 1 / size);
    context.translate(-x, -y);
  }

  /** A text that fits into a width, with "…". Measuring takes time, so the result is kept. */
  private cut(context: CanvasRenderingContext2D, text: string, width: number): string {
    const key = `${context.font} ${text}`;
    const known = this.titles.get(key);
    if (known !== undefined) return known;
    let short = text;
    if (context.measureText(text).width > width) {
      const letters = Array.from(text);
      let [fits, over] = [0, letters.length];
      while (over - fits > 1) {
        const middle = (fits + over) >> 1;
        if (context.measureText(`${letters.slice(0, middle).join('')}…`).width <= width) fits = middle;
        else over = middle;
      }
      short = `${letters.slice(0, fits).join('').trimEnd()}…`;
    }
    this.titles.set(key, short);
    return short;
  }
}

/** Some themes have a color that is meant to lie over text. Alone, it would be too faint. */
function opaque(color: string): string {
  return color.replace(/^(#[\da-f]{6})[\da-f]{2}$/i, '$1');
}

function shapeOf(polygons: readonly (readonly (readonly number[])[])[]): Path2D {
  const path = new Path2D();
  for (const points of polygons) {
    points.forEach(([x = 0, y = 0], at) => {
      if (at === 0) path.moveTo(x, y);
      else path.lineTo(x, y);
    });
    path.closePath();
  }
  return path;
}
