import { createRequire, enableCompileCache } from 'node:module';
import { overview } from './overview.ts';
import { productVersion } from './version.ts';

const [word, ...others] = process.argv.slice(2);
const alone = others.length === 0;
if (alone && (word === '--version' || word === '-V')) answer(`${productVersion(readFile())}\n`);
else if (alone && (word === undefined || word === '--help' || word === '-h')) answer(overview(columns()));
else void start();

async function start(): Promise<void> {
  // Compiled code is cached between starts, because most of a short command's time is compiling. Node's cache covers
  // modules loaded after this call, so this file loads every other module.
  const folder = compileCacheFolder(process.env);
  if (folder !== undefined) enableCompileCache(folder);
  const { runProcess } = await import('./run.ts');
  await runProcess(process, import.meta.filename);
}

/**
 * A folder that only this person can write to. Node's own choice is the temporary folder, where another user of the
 * machine could place code for this program. So could the current folder, to which a relative path would lead.
 */
function compileCacheFolder({ XDG_CACHE_HOME, HOME, TEMP }: NodeJS.ProcessEnv): string | undefined {
  if (process.platform === 'win32') return TEMP && `${TEMP}\\systemprompt`;
  const base = [XDG_CACHE_HOME, HOME && `${HOME}/.cache`].find((path) => path?.startsWith('/'));
  return base && `${base}/systemprompt`;
}

/** `readFileSync` as CommonJS gives it: an `import` of `node:fs` runs all its getters, which load the streams of files. */
function readFile(): (file: string, encoding: 'utf8') => string {
  const { readFileSync } = createRequire(import.meta.filename)('node:fs') as typeof import('node:fs');
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
