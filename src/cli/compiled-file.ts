import type { Stats } from 'node:fs';
import { createRequire, Module } from 'node:module';

/** The first bytes of a cache name the build, because V8 compares only the length of the code. */
const BUILD_BYTES = 16;

export interface CompiledFile {
  /**
   * Path of a file in ASCII that is one expression: a function of `exports`, `require`, `module`, `__filename` and
   * `__dirname`, without `import()`. Adding these to the text of a module would copy it, which fills V8's young memory.
   */
  readonly file: string;
  /** The build that made the file, 16 characters. Anything else: nothing is cached. */
  readonly build: string;
  /** A folder that only this person can write to. Undefined: nothing is cached. */
  readonly folder: string | undefined;
  /** Names the functions that are compiled: those of a command. */
  readonly name: string;
}

/**
 * Loads a file with the functions that V8 compiled in an earlier process. The build puts it into `main.ts`.
 *
 * Node's own cache (`module.enableCompileCache`) is made when a file is loaded, and has none of the functions that a
 * command calls later: compiling them takes a tenth of the time of a short command. This one is made when the process
 * exits. Errors of the cache are ignored, because the file can always be compiled.
 *
 * @returns the exports of the file
 */
export function loadCompiled({ file, build, folder, name }: CompiledFile): unknown {
  const load = createRequire(file);
  const fs: typeof import('node:fs') = load('node:fs');
  const filename = load.resolve(file);
  const { Script }: typeof import('node:vm') = load('node:vm');
  const isCached =
    build.length === BUILD_BYTES && folder !== undefined && process.env['NODE_V8_COVERAGE'] === undefined;
  const place = `${folder}/${process.version}-${process.arch}`;
  const cachedData = isCached ? readCache(fs, `${place}/${name}`, build) : undefined;
  const script = new Script(fs.readFileSync(filename, 'latin1'), {
    filename,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const module = new Module(filename);
  module.filename = filename;
  module.loaded = true;
  // The other files of the commands require this one.
  load.cache[filename] = module;
  script.runInThisContext()(module.exports, load, module, filename, module.path);
  if (isCached && (cachedData === undefined || script.cachedDataRejected === true)) {
    process.on('exit', () =>
      writeCache(fs, place, name, Buffer.concat([Buffer.from(build), script.createCachedData()])),
    );
  }
  return module.exports;
}

/** The data of a cache; undefined if another build or another user made it. */
function readCache(fs: typeof import('node:fs'), file: string, build: string): Buffer | undefined {
  try {
    const descriptor = fs.openSync(file, 'r');
    try {
      const stats: Stats = fs.fstatSync(descriptor);
      const bytes = fs.readFileSync(descriptor);
      const isOurs =
        stats.uid === (process.getuid?.() ?? stats.uid) && bytes.toString('latin1', 0, BUILD_BYTES) === build;
      return isOurs ? bytes.subarray(BUILD_BYTES) : undefined;
    } finally {
      fs.closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

function writeCache(fs: typeof import('node:fs'), folder: string, name: string, bytes: Buffer): void {
  try {
    if (!fs.existsSync(folder)) fs.mkdirSync(folder, { mode: 0o700 });
    const staged = `${folder}/${name}.${process.pid}`;
    fs.writeFileSync(staged, bytes, { flag: 'wx', mode: 0o600 });
    fs.renameSync(staged, `${folder}/${name}`);
  } catch {
    // A full or read-only disk: the next process compiles again.
  }
}
