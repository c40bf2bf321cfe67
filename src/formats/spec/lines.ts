/** A line of a specification by its form. Numbers start at 1. */
export type SpecLine =
  | { readonly kind: 'blank'; readonly line: number }
  | { readonly kind: 'heading'; readonly line: number; readonly level: number; readonly text: string }
  | ItemLine
  | { readonly kind: 'text'; readonly line: number; readonly indent: number; readonly text: string };

export interface ItemLine {
  readonly kind: 'item';
  readonly line: number;
  readonly indent: number;
  /** `1.` of a numbered item; a bullet has none. */
  readonly ordinal?: string | undefined;
  /** State of the checkbox; undefined for an item without one. */
  readonly checked?: boolean | undefined;
  /** Kiro marks optional tasks with a star after the checkbox. */
  readonly optional: boolean;
  readonly text: string;
}

/** The level of headings that are plain or bold text: below every Markdown heading. */
export const PSEUDO_LEVEL = 7;

/** Titles such as `Phase 2: Foundation`. */
export const phaseTitle = /^(?:phase|step|stage|sprint|milestone|iteration)[ \t]+\d{1,3}\b/i;
/** Titles such as `2. Backend`. */
export const numberedTitle = /^\d{1,3}[.)][ \t]+\S/;

/** Characters of a line that are read. Longer lines are data, not text for people. */
const LINE_CHARS = 20_000;

const heading = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/;
const item = /^([ \t]*)([-*+•–]|\d{1,9}[.)])(?:[ \t]+(.*))?$/;
const checkbox = /^\[([ xX~/-])\](\*?)(?:[ \t]+(.*))?$/;
const label =
  /^(?:\*\*|__)?(acceptance criteria|success criteria|definition of done|done when)[ \t]*(?::[ \t]*(?:\*\*|__)?|(?:\*\*|__):?)[ \t]*$/i;
const phase =
  /^(?:\*\*|__)?((?:phase|milestone|sprint|stage|iteration)[ \t]+\d{1,3}\b[^*.]{0,80}?)(?:\*\*|__)?:?[ \t]*$/i;

/**
 * Reads a text line by line. Code blocks are text, HTML comments and the front matter are skipped. Works for files that
 * are not valid Markdown.
 */
export function specLines(text: string): { readonly lines: SpecLine[]; readonly frontMatter: Map<string, string> } {
  const source = (text.startsWith('\ufeff') ? text.slice(1) : text).split(/\r\n|\n|\r/);
  const { end, values } = readFrontMatter(source);
  const lines: SpecLine[] = [];
  let fence: string | undefined;
  let isComment = false;
  for (let index = end; index < source.length; index++) {
    const raw = (source[index] ?? '').slice(0, LINE_CHARS).trimEnd();
    const line = index + 1;
    const mark = /^[ \t]*(`{3,}|~{3,})/.exec(raw)?.[1];
    if (fence !== undefined || mark !== undefined) {
      if (fence === undefined) fence = mark;
      else if (mark?.startsWith(fence) === true) fence = undefined;
      lines.push(textLine(raw, line));
      continue;
    }
    const visible = isComment ? afterComment(raw) : raw;
    if (visible === undefined) continue;
    const { rest, isOpen } = withoutComments(visible);
    isComment = isOpen;
    if (rest.trim() === '' && visible.trim() !== '') continue;
    const previous = lines.at(-1);
    const underline = /^ {0,3}(=+|-{3,})$/.exec(rest)?.[1];
    if (underline !== undefined && previous?.kind === 'text' && previous.indent < 4) {
      lines[lines.length - 1] = {
        kind: 'heading',
        line: previous.line,
        level: underline.startsWith('=') ? 1 : 2,
        text: previous.text,
      };
    } else if (underline === undefined) lines.push(readLine(rest, line));
  }
  return { lines, frontMatter: values };
}

function readLine(text: string, line: number): SpecLine {
  if (text.trim() === '') return { kind: 'blank', line };
  const [, marks, title = ''] = heading.exec(text) ?? [];
  if (marks !== undefined) {
    return { kind: 'heading', line, level: marks.length, text: title.replace(/[ \t]#+[ \t]*$/, '').trim() };
  }
  const pseudo = (phase.exec(text) ?? label.exec(text))?.[1];
  if (pseudo !== undefined)
    return { kind: 'heading', line, level: PSEUDO_LEVEL, text: pseudo.replace(/:$/, '').trim() };
  const [, space = '', marker, rest = ''] = item.exec(text) ?? [];
  if (marker === undefined) return textLine(text, line);
  const [, state, star, words = ''] = checkbox.exec(rest) ?? [];
  return {
    kind: 'item',
    line,
    indent: widthOf(space),
    ...(/^\d/.test(marker) ? { ordinal: marker.replace(/[.)]$/, '') } : {}),
    ...(state === undefined ? {} : { checked: state === 'x' || state === 'X' }),
    optional: star === '*',
    text: (state === undefined ? rest : words).trim(),
  };
}

function textLine(text: string, line: number): SpecLine {
  return { kind: 'text', line, indent: widthOf(/^[ \t]*/.exec(text)?.[0] ?? ''), text: text.trim() };
}

/** Columns of an indentation; a tab fills up to the next multiple of four. */
function widthOf(space: string): number {
  let width = 0;
  for (const letter of space) width += letter === '\t' ? 4 - (width % 4) : 1;
  return width;
}

function withoutComments(text: string): { rest: string; isOpen: boolean } {
  let rest = text;
  for (let from = rest.indexOf('<!--'); from >= 0; from = rest.indexOf('<!--')) {
    const to = rest.indexOf('-->', from + 4);
    if (to < 0) return { rest: rest.slice(0, from).trimEnd(), isOpen: true };
    rest = rest.slice(0, from) + rest.slice(to + 3);
  }
  return { rest: rest.trimEnd(), isOpen: false };
}

/** The text behind the end of a comment; undefined inside it. */
function afterComment(text: string): string | undefined {
  const end = text.indexOf('-->');
  return end < 0 ? undefined : text.slice(end + 3);
}

/** Reads `key: value` lines between two lines of dashes. Front matter is often invalid YAML, so other lines are skipped. */
function readFrontMatter(source: readonly string[]): { end: number; values: Map<string, string> } {
  const values = new Map<string, string>();
  if (source[0]?.trimEnd() !== '---') return { end: 0, values };
  for (let index = 1; index < Math.min(source.length, 500); index++) {
    const text = source[index] ?? '';
    if (/^(?:---|\.\.\.)\s*$/.test(text)) return { end: index + 1, values };
    const [, key, value = ''] = /^([A-Za-z][\w-]{0,60})[ \t]*:(.*)$/.exec(text.slice(0, LINE_CHARS)) ?? [];
    if (key !== undefined) values.set(key.toLowerCase(), value.trim().replace(/^(['"])(.*)\1$/, '$2'));
  }
  // It never ends: an ordinary line of dashes.
  return { end: 0, values: new Map() };
}
