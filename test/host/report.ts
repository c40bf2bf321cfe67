import { existsSync, readFileSync } from 'node:fs';

/** One line of the report that tests inside the extension host write, as JSON Lines: a test's end, or the end of all. */
export type ReportLine =
  | { readonly type: 'test'; readonly name: string; readonly ms: number; readonly error?: string }
  | { readonly type: 'end' };

/** How many tests passed and failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Prints the report of a run as TAP lines and counts it. A run that ended without its last line has
 * failed whatever it says: the extension host died. So has one without a test, unless a `filter` left none.
 */
export function printReport(file: string, title: string, problem: string | undefined, filter: string): Tally {
  const lines = readReport(file);
  const tests = lines.filter((line) => line.type === 'test');
  console.log(`# ${title}`);
  for (const [index, test] of tests.entries()) {
    console.log(
      `${test.error === undefined ? 'ok' : 'not ok'} ${index + 1} - ${test.name} (${Math.round(test.ms)} ms)`,
    );
    if (test.error !== undefined) console.log(indent(test.error));
  }
  const failed = tests.filter((test) => test.error !== undefined).length;
  const complete = lines.some((line) => line.type === 'end') && (tests.length > 0 || filter !== '');
  if (complete && (problem === undefined || failed > 0)) return { passed: tests.length - failed, failed };
  console.log(`not ok ${tests.length + 1} - ${title} runs to its end`);
  console.log(indent(problem ?? `${tests.length} tests ended, and then nothing more was heard of the extension host.`));
  return { passed: tests.length - failed, failed: failed + 1 };
}

function readReport(file: string): readonly ReportLine[] {
  if (!existsSync(file)) return [];
  const complete = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return complete.map((line) => JSON.parse(line) as ReportLine);
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}
