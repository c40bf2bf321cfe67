import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/process.ts';

/** A block of code between fences: its language, its text, and the name in the comment before it, if there is one. */
export interface CodeBlock {
  readonly language: string;
  readonly text: string;
  /** Of `<!-- first task -->` on the line before. */
  readonly name: string | undefined;
}

/** A page of documentation, taken apart as far as tests need it. */
export interface Page {
  /** From the root of the repository. */
  readonly file: string;
  readonly blocks: readonly CodeBlock[];
  /** What stands between backticks in the text, tables too. */
  readonly spans: readonly string[];
  /** Where links and pictures lead. */
  readonly links: readonly string[];
  /** Words in _italics_ or **bold**. */
  readonly stressed: readonly string[];
  /** Headings as the part of an address after `#`. */
  readonly anchors: ReadonlySet<string>;
}

export function readPage(file: string): Page {
  const text = readFileSync(path.join(root, file), 'utf8');
  const fence = /(?:<!-- ([\w ]+) -->\n)?^ *```(\w*)\n([\s\S]*?)^ *```$/gm;
  const blocks = [...text.matchAll(fence)].map(([, name, language = '', code = '']) => ({
    name,
    language,
    text: code,
  }));
  const prose = text.replace(fence, '');
  const words = prose.replace(/`[^`]*`/g, '');
  return {
    file,
    blocks,
    spans: [...prose.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span.replace(/\s+/g, ' ')),
    links: [...words.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link),
    stressed: [...words.matchAll(/(\*\*|_)(?=\S)([^*_]+)\1/g)].map(([, , label = '']) => label.replace(/\s+/g, ' ')),
    anchors: new Set([...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading))),
  };
}

/** The one block of that name. */
export function blockNamed(page: Page, name: string): string {
  const found = page.blocks.filter((block) => block.name === name);
  if (found.length !== 1 || found[0] === undefined)
    throw new Error(`${page.file} has ${found.length} blocks "${name}"`);
  return found[0].text;
}

/** The lines of all shell blocks, without comments. */
export function shellLines(page: Page): string[] {
  return page.blocks
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.split('\n'))
    .map((line) => line.replace(/\s+# .*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** As GitHub makes it from a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** Splits a line as a shell would. */
export function shellWords(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}
