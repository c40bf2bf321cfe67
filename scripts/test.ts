// Runs the tests: `npm test`, or some parts of them: `npm test -- unit host`.

import { say, Unavailable } from './process.ts';
import type { Counts, Part } from './test/part.ts';
import { choose } from './test/parts.ts';

interface Result extends Counts {
  readonly part: Part;
  readonly seconds: number;
  /** Why it could not run here. */
  readonly skipped?: string;
}

const ci = /^(1|true)$/i.test(process.env.CI ?? '');

try {
  const results: Result[] = [];
  for (const part of choose(process.argv.slice(2))) results.push(await runPart(part));
  summarise(results);
} catch (error) {
  console.error(`✖ ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}

async function runPart(part: Part): Promise<Result> {
  console.log(
    `\n━━━ ${part.name}: ${part.shows} ${'━'.repeat(Math.max(3, 90 - part.name.length - part.shows.length))}\n`,
  );
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  try {
    const counts = await part.run();
    return { part, seconds: seconds(), ...counts };
  } catch (error) {
    if (!(error instanceof Unavailable)) {
      console.error(error);
      return { part, seconds: seconds(), passed: 0, failed: 1 };
    }
    console.error(`\n!!! ${part.name} CANNOT RUN HERE: ${error.message}\n`);
    if (ci) say('In CI this is a failure.');
    return { part, seconds: seconds(), passed: 0, failed: ci ? 1 : 0, skipped: error.message };
  }
}

function summarise(results: readonly Result[]): void {
  console.log(`\n━━━ summary ${'━'.repeat(82)}\n`);
  for (const result of results) {
    const mark = result.failed > 0 ? '✖' : result.skipped === undefined ? '✔' : '!';
    const counts = `${result.passed} passed, ${result.failed} failed`;
    const skipped = result.skipped === undefined ? '' : `  NOT RUN: ${result.skipped}`;
    console.log(
      `${mark} ${result.part.name.padEnd(8)} ${counts.padEnd(26)} ${result.seconds.toFixed(1).padStart(6)} s${skipped}`,
    );
  }
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
