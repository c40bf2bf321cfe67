import { fileSizes, fitted, type GraphNode, inBox, statusLine } from './boxes.ts';
import { type MarkKind, marks } from './marks.ts';
import { type Box, type Line, pictureOf } from './picture.ts';

/** Columns of boxes, with lines from the right edge of a dependency to the left edge of its dependent. */
export function drawSvg(nodes: readonly GraphNode[]): string {
  const { width, height, boxes, lines } = pictureOf(nodes, fileSizes);
  const used = [...new Set(nodes.map(({ mark }) => mark))];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    '<style>rect{fill:#fff;stroke:#57606a}path{fill:none;stroke:#57606a}marker path{fill:#57606a}',
    '.mark{stroke:none;fill-rule:evenodd}text{font:13px sans-serif;fill:#1f2328}.status{font-size:11px;fill:#57606a}',
    ...used.map((mark) => `.${mark}{fill:${marks[mark].color}}`),
    '</style>',
    '<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">',
    '<path d="M0 0L8 4L0 8Z"/></marker></defs>',
    `<rect width="${width}" height="${height}" style="stroke:none"/>`,
    ...lines.map(drawLine),
    ...boxes.map(drawBox),
    '</svg>',
  ].join('\n');
}

function drawLine({ start, steps, back }: Line): string {
  const path = steps.map((step) => `${step.length === 2 ? 'L' : 'C'}${step.join(' ')}`).join('');
  const dashes = back ? ' stroke-dasharray="4 3"' : '';
  return `<path d="M${start.join(' ')}${path}"${dashes} marker-end="url(#end)"/>`;
}

/** A long title is cut; pointing at the box shows all of it. */
function drawBox({ node, x, y }: Box<GraphNode>): string {
  const { width, height } = fileSizes;
  const { left, right, label, mark, status } = inBox;
  const cut = (text: string, from: number, size: number): string =>
    xmlText(fitted(text, width - from - right, (letter) => letterWidth(letter) * size));
  return [
    `<svg x="${x}" y="${y}" width="${width}" height="${height}"><title>${xmlText(node.label)}</title>`,
    `<rect x="1" y="1" width="${width - 2}" height="${height - 2}" rx="6"/>`,
    `<path class="mark ${node.mark}" transform="translate(${mark.left} ${mark.top})" d="${markPath(node.mark)}"/>`,
    `<svg width="${width - right}"><text x="${left}" y="${label.text}">${cut(node.label, left, label.size)}</text>`,
    `<text x="${status.left}" y="${status.text}" class="status">${cut(statusLine(node), status.left, status.size)}</text>`,
    '</svg></svg>',
  ].join('');
}

function markPath(mark: MarkKind): string {
  return marks[mark].polygons.map((points) => `M${points.map((point) => point.join(' ')).join('L')}Z`).join('');
}

/** In parts of the font's size. Rather too wide than too narrow. */
function letterWidth(letter: string): number {
  if (/^[ijlI.,:;!'|]/.test(letter)) return 0.35;
  if (/^[frt ()[\]{}"-]/.test(letter)) return 0.45;
  if (/^[mwMW@%…]/.test(letter)) return 1;
  if (/^[A-Z#&]/.test(letter)) return 0.78;
  return /^[\u1100-\uffff\u{1f000}-\u{3ffff}]/u.test(letter) ? 1.1 : 0.62;
}

/** A title is data: everything that could mean something to the reader of the drawing is written as its code. */
function xmlText(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.codePointAt(0)};`);
}
