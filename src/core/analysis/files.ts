import { titleFrom } from '../task/create.ts';
import { rounded } from './notes.ts';
import { type CodeFile, type CodeSuggestion, isCode, isTest } from './suggestion.ts';

const LONG_FILE = 600;
const TESTED_LINES = 80;

/** Files that are so long that they are hard to change. */
export function longFiles(files: readonly CodeFile[]): CodeSuggestion[] {
  return files
    .filter(({ path, lines }) => lines >= LONG_FILE && isCode(path) && !isTest(path))
    .map(({ path, lines, commits }) => ({
      kind: 'long-files',
      key: `long-files:${path}`,
      score: rounded(0.5 + Math.min(0.25, (lines - LONG_FILE) / 4_000) + Math.min(0.15, commits / 100)),
      title: titleFrom(`Split ${path}`),
      description: `${path} has ${lines} lines. Split it by responsibility, and keep its behaviour.`,
      files: [path],
      lines,
    }));
}

/**
 * Files that change often and are complex: most faults are there. Complexity is the sum of the indentation levels.
 *
 * @param complexityOf - complexity of a file; undefined for a file that was not read
 */
export function hotspots(
  files: readonly CodeFile[],
  complexityOf: (path: string) => number | undefined,
): CodeSuggestion[] {
  const heat = files
    .filter(({ path, commits }) => commits >= 5 && isCode(path) && !isTest(path))
    .flatMap((file) => {
      const complexity = complexityOf(file.path);
      return complexity === undefined ? [] : [{ file, complexity, heat: file.commits * Math.log2(2 + complexity) }];
    })
    .sort((a, b) => b.heat - a.heat);
  const top = heat[0]?.heat ?? 1;
  return heat.slice(0, 20).map(({ file: { path, commits, lines }, complexity, heat: own }) => ({
    kind: 'hotspots',
    key: `hotspots:${path}`,
    score: rounded(0.4 + 0.35 * (own / top) + Math.min(0.15, commits / 200)),
    title: titleFrom(`Simplify the hotspot ${path}`),
    description: `${commits} commits of the last year changed ${path}. It has ${lines} lines and an indentation sum of ${complexity}. Simplify the parts that change most, with tests for their behaviour.`,
    files: [path],
    lines,
  }));
}

/** Source files without a test that has their name, where the language has tests at all. */
export function missingTests(files: readonly CodeFile[]): CodeSuggestion[] {
  const tested = new Set<string>();
  const languages = new Set<string>();
  for (const { path } of files) {
    if (!isTest(path)) continue;
    languages.add(extensionOf(path));
    tested.add(stemOf(path));
  }
  return files
    .filter(({ path, lines }) => lines >= TESTED_LINES && isCode(path) && !isTest(path))
    .filter(({ path }) => languages.has(extensionOf(path)) && !tested.has(stemOf(path)))
    .map(({ path, lines, commits }) => ({
      kind: 'missing-tests',
      key: `missing-tests:${path}`,
      score: rounded(0.45 + Math.min(0.25, lines / 2_000) + Math.min(0.2, commits / 50)),
      title: titleFrom(`Test ${path}`),
      description: `${path} has ${lines} lines, and no test file has its name. Add tests for its behaviour, faults included.`,
      files: [path],
      lines,
    }));
}

function extensionOf(path: string): string {
  return (/\.([a-z]+)$/i.exec(path)?.[1] ?? '').toLowerCase().replace(/^[cm]?([jt]s)x?$/, '$1');
}

/** `src/price.ts`, `test/price.test.ts`, `price_test.go`, `test_price.py` and `PriceTest.java` have the stem `price`. */
function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.[a-z]+$/i, '');
  return name
    .replace(/^test[_-]/i, '')
    .replace(/[._-](?:test|spec|tests)$/i, '')
    .replace(/Tests?$/, '')
    .toLowerCase();
}
