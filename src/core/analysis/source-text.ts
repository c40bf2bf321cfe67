import { titleFrom } from '../task/create.ts';
import { rounded } from './notes.ts';
import type { CodeSuggestion } from './suggestion.ts';

const LONG_FUNCTION = 80;
/** Significant lines that must be equal. */
const WINDOW = 12;
const start =
  /^[ \t]*(?:(?:export|default|public|private|protected|internal|static|final|async|pub(?:\([a-z]+\))?|unsafe|override|virtual|inline|abstract)[ \t]+)*(?:function\*?[ \t]+(\w+)|def[ \t]+(\w+)|func[ \t]+(?:\([^)]*\)[ \t]*)?(\w+)|fn[ \t]+(\w+)|fun[ \t]+(\w+)|(?:const|let|var)[ \t]+(\w+)[^=]{0,200}=[ \t]*(?:async[ \t]*)?(?:function\b|\([^)]{0,500}\)[^=]{0,100}=>)|[\w<>[\],.?*& \t]{0,120}?\b(\w+)[ \t]*\([^;]{0,500}\)[^;]{0,80}\{[ \t]*$)/;
const keyword = /^(?:if|for|while|switch|catch|with|return|else|do|try|using|lock|foreach|synchronized|match|when)$/;

/** Sum of the indentation levels of a text: deep nesting is hard to follow, in any language. */
export function indentationOf(text: string): number {
  let sum = 0;
  for (const line of text.split('\n')) {
    const space = /^[ \t]*(?=\S)/.exec(line)?.[0] ?? '';
    sum += Math.floor(space.replaceAll('\t', '    ').length / 4);
  }
  return sum;
}

/** Functions of a file that are too long. A function ends at the first line that is indented like its start. */
export function longFunctions(path: string, text: string): CodeSuggestion[] {
  const lines = text.split('\n');
  const found: { name: string; line: number; length: number }[] = [];
  const widths = lines.map((line) =>
    line.trim() === '' ? undefined : (/^[ \t]*/.exec(line)?.[0].replaceAll('\t', '    ').length ?? 0),
  );
  for (let index = 0; index < lines.length; index++) {
    const match = start.exec((lines[index] ?? '').slice(0, 300));
    const name = match?.slice(1).find((each) => each !== undefined);
    if (name === undefined || keyword.test(name)) continue;
    const own = widths[index] ?? 0;
    let end = index + 1;
    while (
      end < lines.length &&
      (widths[end] === undefined || (widths[end] ?? 0) > own || /^[ \t]*[)\]}>]+[^)\]}]*[{:]/.test(lines[end] ?? ''))
    )
      end++;
    const length = end - index;
    if (length < LONG_FUNCTION) continue;
    found.push({ name, line: index + 1, length });
    index = end;
  }
  return found.map(({ name, line, length }) => ({
    kind: 'long-functions',
    key: `long-functions:${path}:${name}`,
    score: rounded(0.5 + Math.min(0.35, (length - LONG_FUNCTION) / 400)),
    title: titleFrom(`Split the function ${name} in ${path}`),
    description: `${name} (${path}, line ${line}) has ${length} lines. Extract its steps into functions, and keep its behaviour.`,
    files: [path],
    lines: length,
  }));
}

/** Pairs of files that share many equal lines. */
export function duplicates(texts: ReadonlyMap<string, string>): CodeSuggestion[] {
  const first = new Map<string, string>();
  const shared = new Map<string, { a: string; b: string; lines: number }>();
  for (const [path, text] of texts) {
    const lines = text
      .split('\n')
      .flatMap((line) =>
        /\w.*\w/.test(line) && !/^\s*(?:import|#include|using|\/\/|\*|#)/.test(line) ? [line.trim()] : [],
      );
    for (let index = 0; index + WINDOW <= lines.length; index += 1) {
      const block = lines.slice(index, index + WINDOW).join('\n');
      const other = first.get(block);
      if (other === undefined) {
        if (index % 4 === 0) first.set(block, path);
      } else if (other !== path) {
        const key = `${other}\n${path}`;
        const pair = shared.get(key) ?? { a: other, b: path, lines: 0 };
        pair.lines += WINDOW;
        shared.set(key, pair);
        index += WINDOW - 1;
      }
    }
  }
  return [...shared.values()]
    .filter(({ lines }) => lines >= 2 * WINDOW)
    .map(({ a, b, lines }) => ({
      kind: 'duplicates',
      key: `duplicates:${a}:${b}`,
      score: rounded(0.55 + Math.min(0.35, lines / 400)),
      title: titleFrom(`Join the duplicated code of ${a} and ${b}`),
      description: `${a} and ${b} share about ${lines} equal lines. Move them into one place that both use.`,
      files: [a, b],
      lines,
    }));
}

/** Relative links of a Markdown text whose target is not among the files and folders. */
export function deadLinks(path: string, text: string, exists: (path: string) => boolean): CodeSuggestion[] {
  const folder = path.split('/').slice(0, -1);
  const dead = [
    ...text
      .replace(/^(`{3,}|~{3,})[\s\S]*?^\1/gm, '')
      .replace(/`[^`\n]*`/g, '')
      .matchAll(/\[[^\]\n]{0,300}\]\(([^()\s]{1,500})(?:[ \t]+"[^"\n]*")?\)/g),
  ].flatMap(([, link = '']) => {
    if (/^(?:[a-z][a-z0-9+.-]*:|#|\/|mailto:|<)/i.test(link)) return [];
    const parts = [...folder];
    for (const part of decoded(link.replace(/[?#].*$/, '')).split('/')) {
      if (part === '..') {
        // Files outside of the analysed folder are unknown.
        if (parts.pop() === undefined) return [];
      } else if (part !== '.' && part !== '') parts.push(part);
    }
    const target = parts.join('/');
    return target === '' || exists(target) ? [] : [link];
  });
  if (dead.length === 0) return [];
  return [
    {
      kind: 'dead-links',
      key: `dead-links:${path}`,
      score: rounded(0.7 + Math.min(0.15, dead.length * 0.02)),
      title: titleFrom(`Repair ${dead.length === 1 ? 'the dead link' : `${dead.length} dead links`} in ${path}`),
      description: [`${path} links to files that do not exist:`, ...dead.slice(0, 50).map((link) => `- ${link}`)].join(
        '\n',
      ),
      files: [path],
      lines: 20,
    },
  ];
}

function decoded(link: string): string {
  try {
    return decodeURIComponent(link);
  } catch {
    return link;
  }
}
