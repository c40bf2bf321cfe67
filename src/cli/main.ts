import * as nodeModule from 'node:module';
import { overview } from './overview.ts';
import { productVersion } from './version.ts';

const [word, ...others] = process.argv.slice(2);
const alone = others.length === 0;
if (alone && (word === '--version' || word === '-V')) answer(`${productVersion(readFile())}\n`);
else if (alone && (word === undefined || word === '--help' || word === '-h')) answer(overview(columns()));
else {
  // Node caches compiled code between starts, because most of a short command's time is compiling. The cache covers
  // modules loaded after this call, so this file loads every other module.
  nodeModule.enableCompileCache?.();
  const { runProcess } = await import('./run.ts');
  await runProcess(process, import.meta.filename);
}

/** `readFileSync` as CommonJS gives it: an `import` of `node:fs` runs all its getters, which load the streams of files. */
function readFile(): (file: string, encoding: 'utf8') => string {
  const { readFileSync } = nodeModule.createRequire(import.meta.url)('node:fs') as typeof import('node:fs');
  return readFileSync;
}

/** A closed pipe (`| head`) is no error. */
function answer(text: string): void {
  process.stdout.on('error', () => {});
  process.stdout.write(text);
}

function columns(): number {
  return process.stdout.isTTY === true ? process.stdout.columns : 80;
}
