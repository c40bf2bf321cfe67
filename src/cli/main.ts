import * as nodeModule from 'node:module';
import { overview } from './overview.ts';
import { productVersion } from './version.ts';

const [word, ...others] = process.argv.slice(2);
const alone = others.length === 0;
if (alone && (word === '--version' || word === '-V')) answer(`${productVersion()}\n`);
else if (alone && (word === undefined || word === '--help' || word === '-h')) answer(overview(columns()));
else {
  // Node caches compiled code between starts, because most of a short command's time is compiling. The cache covers
  // modules loaded after this call, so this file loads every other module.
  nodeModule.enableCompileCache?.();
  const { runProcess } = await import('./run.ts');
  await runProcess(process, import.meta.filename);
}

/** A closed pipe (`| head`) is no error. */
function answer(text: string): void {
  process.stdout.on('error', () => {});
  process.stdout.write(text);
}

function columns(): number {
  return process.stdout.isTTY === true ? process.stdout.columns : 80;
}
