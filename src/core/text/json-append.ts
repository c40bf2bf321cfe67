/**
 * A JSON text with one more item at the end of the list under a key of the outermost object; creates a missing list.
 * The rest stays unchanged: order, unknown keys, spaces, line ends.
 *
 * @throws SyntaxError for invalid JSON; TypeError if the outermost value is not an object, or the key does not hold a
 * list
 */
export function appendToList(text: string, key: string, item: Readonly<Record<string, unknown>>): string {
  const before = JSON.parse(text) as unknown;
  if (typeof before !== 'object' || before === null || Array.isArray(before)) throw new TypeError('It is no object.');
  const list = (before as Record<string, unknown>)[key];
  if (list !== undefined && !Array.isArray(list)) throw new TypeError(`Its "${key}" is no list.`);
  const wanted = { ...before, [key]: [...(list ?? []), item] };
  const written = insert(text, key, item, list !== undefined);
  if (written !== undefined && isSame(JSON.parse(written), wanted)) return written;
  return `${JSON.stringify(wanted, null, indentOf(text))}\n`;
}

function insert(text: string, key: string, item: Readonly<Record<string, unknown>>, has: boolean): string | undefined {
  const spans = topLevelValues(text);
  const newLine = text.includes('\r\n') ? '\r\n' : '\n';
  const indent = indentOf(text);
  const value = `{ ${Object.entries(item)
    .map(([name, part]) => `${JSON.stringify(name)}: ${JSON.stringify(part)}`)
    .join(', ')} }`;
  if (has) {
    const span = spans.values.findLast((one) => one.key === key);
    if (span === undefined) return undefined;
    return appended(text, span.start, span.end - 1, value, `${newLine}${indent}${indent}`, `${newLine}${indent}`);
  }
  const list = `${JSON.stringify(key)}: [${newLine}${indent}${indent}${value}${newLine}${indent}]`;
  return appended(text, spans.start, spans.end - 1, list, `${newLine}${indent}`, newLine);
}

/** Puts a value before the bracket at `close`, with a comma where there is one before it already. */
function appended(text: string, open: number, close: number, value: string, before: string, after: string): string {
  const inside = text.slice(open + 1, close);
  const kept = inside.trimEnd();
  const comma = kept === '' ? '' : ',';
  // A list that a person wrote in one line is still one line.
  const inLine = kept !== '' && !inside.includes('\n');
  const begin = text.slice(0, open + 1) + kept + comma;
  if (inLine) return `${begin} ${value}${inside.slice(kept.length)}${text.slice(close)}`;
  return `${begin}${before}${value}${kept === '' ? after : inside.slice(kept.length)}${text.slice(close)}`;
}

interface Span {
  readonly start: number;
  /** After the last character. */
  readonly end: number;
}

/** The position of the outermost object of a valid JSON text, and the values of its keys. */
function topLevelValues(text: string): Span & { readonly values: readonly (Span & { readonly key: string })[] } {
  const values: (Span & { key: string })[] = [];
  let depth = 0;
  let start = 0;
  let end = text.length;
  let key: string | undefined;
  let opened = 0;
  for (const { index, 0: token } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:,]/gs)) {
    if (token === '{' || token === '[') {
      if (depth === 0) start = index;
      if (depth === 1) opened = index;
      depth += 1;
    } else if (token === '}' || token === ']') {
      depth -= 1;
      if (depth === 0) end = index + 1;
      if (depth === 1 && key !== undefined) values.push({ key, start: opened, end: index + 1 });
    } else if (depth === 1 && token.startsWith('"') && /^\s*:/.test(text.slice(index + token.length))) {
      key = JSON.parse(token) as string;
    }
  }
  return { start, end, values };
}

function indentOf(text: string): string {
  return /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
}

/** Equal as JSON, with the order of keys. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
