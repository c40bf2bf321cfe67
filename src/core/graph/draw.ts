import type { TaskRecord } from '../task/schema.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { drawSvg, type GraphNode } from './draw-svg.ts';
import { dependencyOrder } from './order.ts';

export const graphFormats = ['text', 'mermaid', 'dot', 'svg'] as const;
export type GraphFormat = (typeof graphFormats)[number];

/** Draws tasks and what they depend on; layer by layer, so that what can run first comes first. */
export function drawGraph(tasks: Iterable<TaskRecord>, format: GraphFormat): string {
  const list = [...tasks];
  const numbers = new Map<string, number>(list.map((task) => [task.id, task.number]));
  const layers = dependencyOrder(list).layers.map((layer) => layer.map((task) => nodeOf(task, numbers)));
  return drawings[format](layers);
}

const drawings: Readonly<Record<GraphFormat, (layers: readonly (readonly GraphNode[])[]) => string>> = {
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

function nodeOf(task: TaskRecord, numbers: ReadonlyMap<string, number>): GraphNode {
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

function edges(layers: readonly (readonly GraphNode[])[]): [number, number][] {
  return layers.flat().flatMap(({ number, after }) => after.map((from): [number, number] => [from, number]));
}

function textOf({ label, status, after, gone }: GraphNode): string {
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
