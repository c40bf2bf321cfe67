import { fill } from '../kit/format.ts';
import type { GraphLine, GraphNode, GraphWords } from './protocol.ts';
import type { SceneIndex } from './scene-index.ts';

/** A row of the tree: a node, or beneath an expanded one a node that a line connects to it. */
export interface Row {
  /** Unique among the rows. */
  readonly key: string;
  readonly level: 1 | 2;
  readonly node: GraphNode;
  /** Text of the row and its accessible name. */
  readonly text: string;
  /** True or false for a node with lines. */
  readonly expanded: boolean | undefined;
  /** Position among its siblings, from 1, and their number. */
  readonly position: number;
  readonly siblings: number;
}

/** The rows of the tree in their order. */
export function rowsOf(
  index: SceneIndex,
  found: ReadonlySet<number> | undefined,
  expanded: ReadonlySet<number>,
  words: GraphWords,
): Row[] {
  const nodes = index.scene.nodes
    .filter(({ number }) => found === undefined || found.has(number))
    .sort((a, b) => a.number - b.number);
  return nodes.flatMap((node, at) => {
    const relations = relationsOf(index, node, words);
    const isOpen = relations.length === 0 ? undefined : expanded.has(node.number);
    const critical = node.critical ? `, ${words.criticalTask}` : '';
    const row: Row = {
      key: String(node.number),
      level: 1,
      node,
      text: `${node.label}, ${node.detail}${critical}`,
      expanded: isOpen,
      position: at + 1,
      siblings: nodes.length,
    };
    const below = relations.map(([other, text], position): Row => {
      const key = `${node.number} ${other.number} ${position}`;
      const place = { position: position + 1, siblings: relations.length };
      return { key, level: 2, node: other, text, expanded: undefined, ...place };
    });
    return isOpen === true ? [row, ...below] : [row];
  });
}

function relationsOf(index: SceneIndex, { number, parent }: GraphNode, words: GraphWords): [GraphNode, string][] {
  const of = (other: number, text: string): [GraphNode, string][] => {
    const node = index.byNumber.get(other);
    return node === undefined ? [] : [[node, fill(text, node.label)]];
  };
  const lines = (list: readonly GraphLine[] | undefined): readonly GraphLine[] =>
    (list ?? []).filter(({ kind }) => kind !== 'parent');
  return [
    ...(parent === null ? [] : of(parent, words.partOf)),
    ...lines(index.before.get(number)).flatMap(({ from }) => of(from, words.waitsFor)),
    ...lines(index.after.get(number)).flatMap(({ to }) => of(to, words.neededBy)),
  ];
}
