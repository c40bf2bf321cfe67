import { Lexer, type Token, type Tokens } from 'marked';
import type { Markup, MarkupNode } from '../../webviews/kit/markup-schema.ts';

/** Longer texts are shown as written: parsing time grows with the length, and texts come from agents. */
const PARSED_CHARS = 50_000;
/** Deeper nested text is shown as written. */
const DEPTH = 12;

/** A Markdown text as elements for a page. HTML in it is text, and only web links stay links. */
export function markupOf(text: string): Markup[] {
  if (text.length > PARSED_CHARS) return [element('pre', [text])];
  try {
    return convert(Lexer.lex(text, { gfm: true, breaks: true }), 0);
  } catch {
    // Nested deeper than the parser's stack.
    return [element('pre', [text])];
  }
}

/** A script or another text whose every character counts. */
export function codeMarkup(text: string): Markup[] {
  return text === '' ? [] : [element('pre', [text])];
}

function convert(tokens: readonly Token[], depth: number): Markup[] {
  return tokens.flatMap((token) => (depth > DEPTH ? [token.raw] : nodeOf(token as Tokens.Generic, depth)));
}

function nodeOf(token: Tokens.Generic, depth: number): Markup[] {
  const inside = (): Markup[] => convert(token.tokens ?? [], depth + 1);
  switch (token.type) {
    case 'space':
    case 'def':
      return [];
    case 'heading':
      // The page has the first three levels.
      return [element(token['depth'] === 1 ? 'h4' : token['depth'] === 2 ? 'h5' : 'h6', inside())];
    case 'paragraph':
      return [element('p', inside())];
    case 'text':
      return token.tokens === undefined ? [plain(token['text'])] : inside();
    case 'strong':
    case 'em':
    case 'del':
    case 'blockquote':
      return [element(token.type, inside())];
    case 'codespan':
      return [element('code', [String(token['text'])])];
    case 'code':
      return [element('pre', [String(token['text'])])];
    case 'hr':
    case 'br':
      return [element(token.type, [])];
    case 'escape':
      return [String(token['text'])];
    case 'list':
      return [element(token['ordered'] === true ? 'ol' : 'ul', listItems(token as Tokens.List, depth))];
    case 'table':
      return [tableOf(token as Tokens.Table, depth)];
    case 'link':
      return [link(String(token['href']), inside())];
    case 'image':
      return [link(String(token['href']), [plain(token['text'])])];
    default:
      return [token.raw];
  }
}

function listItems({ items }: Tokens.List, depth: number): Markup[] {
  return items.map(({ tokens, task, checked }) => {
    const mark = task ? [checked === true ? '☑ ' : '☐ '] : [];
    const content = tokens.filter(({ type }) => type !== 'checkbox');
    return element('li', [...mark, ...convert(content, depth + 1)]);
  });
}

function tableOf({ header, rows }: Tokens.Table, depth: number): MarkupNode {
  const row = (tag: 'th' | 'td', cells: readonly Tokens.TableCell[]): MarkupNode =>
    element(
      'tr',
      cells.map(({ tokens }) => element(tag, convert(tokens, depth + 1))),
    );
  return element('table', [
    element('thead', [row('th', header)]),
    element(
      'tbody',
      rows.map((cells) => row('td', cells)),
    ),
  ]);
}

/** The editor asks before it opens a web link; other links lead into files of this machine or run commands. */
function link(href: string, children: Markup[]): Markup {
  return /^https?:\/\//.test(href) ? { ...element('a', children), href } : element('code', children);
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function plain(text: unknown): string {
  return String(text).replace(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => entities[name] ?? whole);
}

function element(tag: MarkupNode['tag'], children: readonly Markup[]): MarkupNode {
  return { tag, children };
}
