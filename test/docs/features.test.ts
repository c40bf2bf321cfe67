import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';

const root = path.resolve(import.meta.dirname, '../..');
const FEATURES = 232;

interface Row {
  readonly number: number;
  /** Undefined for what there is not yet. */
  readonly file: string | undefined;
  readonly tests: readonly { readonly file: string; readonly title: string | undefined }[];
}

const lines = readFileSync(path.join(root, 'docs/features.md'), 'utf8').split('\n');
const rows = lines.filter((line) => line.startsWith('| F')).map(rowOf);

/** `| F12 | text | `file` or not yet | `test`, `test` "title" |` */
function rowOf(line: string): Row {
  const [, number = '', text = '', where = '', shown = '', ...rest] = line
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
  assert.ok(/^F\d+$/.test(number) && text !== '' && rest.length === 1, `a row of four cells: ${line}`);
  const file = /^`([^`]+)`$/.exec(where)?.[1];
  assert.ok(file !== undefined || where === 'not yet', `a file, or "not yet": ${line}`);
  const tests = [...shown.matchAll(/`([^`]+)`(?: "([^"]+)")?/g)].map(([, name = '', title]) => ({ file: name, title }));
  return { number: Number(number.slice(1)), file, tests };
}

/** Numbers that the titles of a file name: `(F12)`, `(F12, F14–F16)`. */
function numbersIn(source: string): Set<number> {
  const numbers = new Set<number>();
  for (const [, group = ''] of source.matchAll(/\((F\d[^()]*)\)/g)) {
    for (const [, from, to] of group.matchAll(/F(\d+)(?:–F(\d+))?/g)) {
      for (let number = Number(from); number <= Number(to ?? from); number += 1) numbers.add(number);
    }
  }
  return numbers;
}

const sources = new Map<string, string>();
function sourceOf(file: string): string {
  const known = sources.get(file) ?? readFileSync(path.join(root, file), 'utf8');
  sources.set(file, known);
  return known;
}

describe('the table of features', () => {
  test('has every feature of the specification once, in order', () => {
    assert.deepEqual(
      rows.map((row) => row.number),
      Array.from({ length: FEATURES }, (_, index) => index + 1),
    );
  });

  test('names existing files', () => {
    const missing = rows.filter((row) => row.file !== undefined && !existsSync(path.join(root, row.file)));
    assert.deepEqual(
      missing.map((row) => `F${row.number}: ${row.file}`),
      [],
    );
  });

  test('names existing tests, by feature number or title', () => {
    const wrong = rows.flatMap((row) =>
      row.tests
        .filter(({ file, title }) => {
          if (!file.startsWith('test/') || !existsSync(path.join(root, file))) return true;
          return title === undefined ? !numbersIn(sourceOf(file)).has(row.number) : !sourceOf(file).includes(title);
        })
        .map(({ file, title }) => `F${row.number}: ${file} ${title ?? ''}`),
    );
    assert.deepEqual(wrong, []);
  });

  test('names no test for a missing feature', (context) => {
    assert.deepEqual(
      rows.filter((row) => row.file === undefined && row.tests.length > 0),
      [],
    );
    const there = rows.filter((row) => row.file !== undefined);
    const shown = there.filter((row) => row.tests.length > 0);
    context.diagnostic(`${there.length} of ${rows.length} features are there, ${shown.length} of them shown by a test`);
  });
});

test('reads numbers and ranges from the titles of tests', () => {
  const source = "test('a (F3)'); test('b (F5, F7–F9; F11)'); press('F1'); // (see F2)";
  assert.deepEqual([...numbersIn(source)], [3, 5, 7, 8, 9, 11]);
});
