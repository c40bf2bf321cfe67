import { createElement, type JSX } from 'preact';
import type { Markup } from './markup-schema.ts';

/** A formatted text. */
export function MarkupText({ nodes }: { readonly nodes: readonly Markup[] }): JSX.Element {
  return <div class="markup">{nodes.map(draw)}</div>;
}

function draw(node: Markup): string | JSX.Element {
  if (typeof node === 'string') return node;
  return createElement(node.tag, node.href === undefined ? {} : { href: node.href }, ...node.children.map(draw));
}
