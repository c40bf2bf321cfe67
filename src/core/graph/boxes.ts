import type { MarkKind } from './marks.ts';
import type { PictureNode, PictureSizes } from './picture.ts';

/** A drawn task. */
export interface GraphNode extends PictureNode {
  readonly label: string;
  readonly status: string;
  readonly mark: MarkKind;
  /** Names of deleted dependencies. */
  readonly gone: readonly string[];
}

/** Sizes in pixels of the pictures that are written to files. */
export const fileSizes: PictureSizes = { width: 260, height: 48, gapX: 90, gapY: 20, margin: 20 };

/** Places inside a box. `text` is the baseline of a line of text. */
export const inBox = {
  left: 12,
  right: 10,
  label: { text: 20, size: 13 },
  mark: { left: 12, top: 27 },
  status: { left: 30, text: 37, size: 11 },
} as const;

/** The second line of a box. */
export function statusLine({ status, gone }: GraphNode): string {
  return `${status.replaceAll('_', ' ')}${gone.length === 0 ? '' : `, after ${gone.join(', ')}`}`;
}

/** Cuts a text with "…" to a width in pixels. `widthOf` measures one letter. */
export function fitted(text: string, width: number, widthOf: (letter: string) => number): string {
  const letters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  const room = width - widthOf('…');
  let used = 0;
  let fits = 0;
  for (const letter of letters) {
    used += widthOf(letter);
    if (used <= room) fits += 1;
    if (used > width) return `${letters.slice(0, fits).join('').trimEnd()}…`;
  }
  return text;
}
