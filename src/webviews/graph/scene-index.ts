import type { GraphLine, GraphNode, GraphScene } from './protocol.ts';

/** Bounds of a line, in the picture. */
export interface PlacedLine extends GraphLine {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A place of the picture that the pointer is at. */
export type Hit =
  | { readonly kind: 'node'; readonly node: GraphNode }
  /** The right edge of a task, where a new dependency starts. */
  | { readonly kind: 'edge'; readonly node: GraphNode }
  /** The arrowhead of a dependency. */
  | { readonly kind: 'arrow'; readonly line: GraphLine };

const EDGE = 12;
const ARROW = 14;

/** Finds nodes and lines of a scene by number and by place. */
export class SceneIndex {
  readonly scene: GraphScene;
  readonly byNumber: ReadonlyMap<number, GraphNode>;
  readonly lines: readonly PlacedLine[];
  /** Numbers of the nodes before and after each one. */
  readonly before: ReadonlyMap<number, readonly GraphLine[]>;
  readonly after: ReadonlyMap<number, readonly GraphLine[]>;

  constructor(scene: GraphScene) {
    this.scene = scene;
    this.byNumber = new Map(scene.nodes.map((node) => [node.number, node]));
    this.lines = scene.lines.map(placed);
    this.before = grouped(scene.lines, ({ to }) => to);
    this.after = grouped(scene.lines, ({ from }) => from);
  }

  /** The topmost thing at a point of the picture. */
  at(x: number, y: number): Hit | undefined {
    const { boxWidth, boxHeight, nodes } = this.scene;
    for (const line of this.lines) {
      if (line.kind === 'parent') continue;
      const [endX = 0, endY = 0] = (line.steps.at(-1) ?? []).slice(-2);
      if (x <= endX && x > endX - ARROW && Math.abs(y - endY) < ARROW / 2) return { kind: 'arrow', line };
    }
    const node = nodes.find(
      (each) => x >= each.x && x <= each.x + boxWidth + EDGE / 2 && y >= each.y && y <= each.y + boxHeight,
    );
    if (node === undefined) return undefined;
    return x > node.x + boxWidth - EDGE && node.id !== '' ? { kind: 'edge', node } : { kind: 'node', node };
  }

  /** Whether `to` already waits for `from`, directly or through others. */
  leads(from: number, to: number): boolean {
    const seen = new Set([from]);
    for (const at of seen) {
      if (at === to) return true;
      for (const line of this.after.get(at) ?? []) if (line.kind !== 'parent') seen.add(line.to);
    }
    return false;
  }
}

function placed(line: GraphLine): PlacedLine {
  const [x = 0, y = 0] = line.start;
  let [left, top, right, bottom] = [x, y, x, y];
  for (const step of line.steps) {
    step.forEach((value, at) => {
      if (at % 2 === 0) [left, right] = [Math.min(left, value), Math.max(right, value)];
      else [top, bottom] = [Math.min(top, value), Math.max(bottom, value)];
    });
  }
  return { ...line, left, top, right, bottom };
}

function grouped(lines: readonly GraphLine[], keyOf: (line: GraphLine) => number): Map<number, GraphLine[]> {
  const groups = new Map<number, GraphLine[]>();
  for (const line of lines) {
    const group = groups.get(keyOf(line));
    if (group === undefined) groups.set(keyOf(line), [line]);
    else group.push(line);
  }
  return groups;
}
