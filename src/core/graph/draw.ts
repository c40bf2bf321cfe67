import { deletedName } from '../task/dependencies.ts';
import type { TaskRecord } from '../task/schema.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import type { GraphNode } from './boxes.ts';
import { drawSvg } from './draw-svg.ts';
import { markOfStatus } from './marks.ts';
import { dependencyOrder } from './order.ts';

export const graphFormats = ['text', 'mermaid', 'dot', 'svg', 'png'] as const;
export type GraphFormat = (typeof graphFormats)[number];

/** Limits of Mermaid by default: a larger graph is drawn only where a page raises them. */
const mermaidLimits = { text: 50_000, edges: 500 };

/** Why a program may refuse to draw this graph, or undefined. */
export function tooLargeFor(format: GraphFormat, graph: string, edgeCount: number): string | undefined {
  if (format !== 'mermaid') return undefined;
  const { text, edges } = mermaidLimits;
  if (graph.length <= text && edgeCount <= edges) return undefined;
  return `Mermaid draws at most ${text.toLocaleString('en')} characters and ${edges} edges by default; this graph has ${graph.length.toLocaleString('en')} characters and ${edgeCount} edges. Draw one project, raise maxTextSize and maxEdges, or use --format svg.`;
}

/** Draws tasks and their dependencies in the order in which they can run. */
export function drawGraph(tasks: Iterable<TaskRecord>, format: Exclude<GraphFormat, 'png'>): string {
  return drawings[format](graphNodes(tasks));
}

/** The nodes of a graph, layer by layer in the order in which they can run. */
export function graphNodes(tasks: Iterable<TaskRecord>): GraphNode[] {
  const list = [...tasks];
  const numbers = new Map<string, number>(list.map((task) => [task.id, task.number]));
  return dependencyOrder(list)
    .layers.flat()
    .map((task) => nodeOf(task, numbers));
}

const drawings: Readonly<Record<Exclude<GraphFormat, 'png'>, (nodes: readonly GraphNode[]) => string>> = {
  text: (nodes) => nodes.map(textOf).join('\n'),
  mermaid: (nodes) =>
    [
      'graph LR',
      ...nodes.map(({ number, label, status }) => `  t${number}["${mermaidText(`${label} - ${status}`)}"]`),
      ...edges(nodes).map(([from, to]) => `  t${from} --> t${to}`),
    ].join('\n'),
  dot: (nodes) =>
    [
      'digraph tasks {',
      '  rankdir=LR;',
      '  node [shape=box];',
      ...nodes.map(({ number, label, status }) => `  t${number} [label="${dotText(label)}\\n${status}"];`),
      ...edges(nodes).map(([from, to]) => `  t${from} -> t${to};`),
      '}',
    ].join('\n'),
  svg: drawSvg,
};

function nodeOf(task: TaskRecord, numbers: ReadonlyMap<string, number>): GraphNode {
  const after = task.depends_on.flatMap((id) => numbers.get(id) ?? []);
  const gone = task.depends_on.filter((id) => !numbers.has(id)).map((id) => deletedName(task, id));
  return {
    number: task.number,
    label: `#${task.number} ${sanitizeLine(task.title)}`,
    status: task.status,
    mark: markOfStatus[task.status],
    after,
    gone,
  };
}

function edges(nodes: readonly GraphNode[]): [number, number][] {
  return nodes.flatMap(({ number, after }) => after.map((from): [number, number] => [from, number]));
}

function textOf({ label, status, after, gone }: GraphNode): string {
  const waits = after.map((number) => `#${number}`);
  waits.push(...gone);
  return `${label}  ${status}${waits.length === 0 ? '' : `\n  after ${waits.join(', ')}`}`;
}

/** A title is data: everything that could mean something to the reader of the drawing is written as its code. */
function mermaidText(text: string): string {
  return text.replace(/[^\p{L}\p{M}\p{N} .,:()/-]/gu, (char) => `#${char.codePointAt(0)};`);
}

function dotText(text: string): string {
  return text.replaceAll('&', '&amp;').replace(/["\\]/g, (char) => `\\${char}`);
}
