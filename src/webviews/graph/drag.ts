import type { GraphLine, GraphNode } from './protocol.ts';
import type { SceneIndex } from './scene-index.ts';
import { act, channel, failure, index, loaded } from './state.ts';

type Point = readonly [x: number, y: number];

/** The pointer moves the picture, or the end of a dependency. */
export type Drag =
  | { readonly kind: 'pan'; readonly last: Point; readonly moved: number; readonly number: number | undefined }
  | {
      readonly kind: 'line';
      /** The task at the start of the line. */
      readonly number: number;
      readonly label: string;
      readonly from: Point;
      /** The place where the drag began. */
      readonly begun: Point;
      readonly to: Point;
      /** The task under the pointer. */
      readonly target: GraphNode | undefined;
      /** Why the target cannot be chosen. */
      readonly refused: string | undefined;
      /** The dependency whose arrowhead is dragged; undefined for a new one. */
      readonly kept: GraphLine | undefined;
    };

/** Starts at a point of the picture, which is at `pointer` on the canvas. */
export function startOf(scene: SceneIndex, [x, y]: Point, pointer: Point): Drag {
  const hit = scene.at(x, y);
  const tasks = scene.scene.kind === 'tasks';
  const line = (number: number, kept: GraphLine | undefined): Drag => {
    const node = scene.byNumber.get(number);
    const { boxWidth, boxHeight } = scene.scene;
    const from: Point = [(node?.x ?? 0) + boxWidth, (node?.y ?? 0) + boxHeight / 2];
    const label = node?.label ?? '';
    return {
      kind: 'line',
      number,
      label,
      from,
      begun: [x, y],
      to: [x, y],
      target: undefined,
      refused: undefined,
      kept,
    };
  };
  if (tasks && hit?.kind === 'edge') return line(hit.node.number, undefined);
  if (tasks && hit?.kind === 'arrow') return line(hit.line.from, hit.line);
  const number = hit?.kind === 'node' || hit?.kind === 'edge' ? hit.node.number : undefined;
  return { kind: 'pan', last: pointer, moved: 0, number };
}

/** Shorter drags are clicks: they change nothing. */
const CLICK = 12;

/** Whether the pointer left the place where the drag began. */
export function isClick({ begun, to }: Extract<Drag, { kind: 'line' }>): boolean {
  return Math.hypot(to[0] - begun[0], to[1] - begun[1]) < CLICK;
}

/** Adds, moves or removes the dependency that was dragged. The host checks it again. */
export function dropped({ number, target, refused, kept }: Extract<Drag, { kind: 'line' }>): void {
  const folder = loaded.peek()?.filter.folder;
  const nodes = index.peek()?.byNumber;
  const from = nodes?.get(number);
  if (folder === undefined || from === undefined || target?.number === kept?.to) return;
  if (refused !== undefined) {
    if (target?.number !== number) failure.value = refused;
    return;
  }
  const old = kept === undefined ? undefined : nodes?.get(kept.to);
  act(
    (async () => {
      if (target !== undefined) await channel.request('addDependency', { folder, task: target.id, dependsOn: from.id });
      if (old !== undefined) await channel.request('removeDependency', { folder, task: old.id, dependsOn: from.id });
    })(),
  );
}
