import { existsSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type RunOptions, root, run } from '../process.ts';

/** The numbers of passed and failed tests of a part. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** One part of `npm test`. */
export interface Part {
  readonly name: string;
  /** A few words about the part, for the header. */
  readonly shows: string;
  /** Parts that are run before it, also when only this one was asked for. */
  readonly after?: readonly string[];
  /** Throws `Unavailable` where this machine cannot run it. */
  run(): Promise<Counts>;
}

/** A part that is one command: it counts as one test. */
export async function command(name: string, args: readonly string[], options: RunOptions = {}): Promise<Counts> {
  const { code } = await run(process.execPath, [path.join(root, name), ...args], options);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** A part whose command prints `N passed, N failed` as its last line. */
export async function counted(script: string, args: readonly string[], options: RunOptions = {}): Promise<Counts> {
  const { code, output } = await run(process.execPath, [path.join(root, script), ...args], options);
  const [, passed, failed] = /(\d+) passed, (\d+) failed\s*$/.exec(output) ?? [];
  return judge(code, Number(passed ?? 0), Number(failed ?? 0));
}

/** Test files under `test/`, as paths from the root: those in one of `folders`, or in none of `except`. */
export function testFiles(filter: {
  readonly folders?: readonly string[];
  readonly except?: readonly string[];
}): readonly string[] {
  const folderOf = (file: string): string => file.split(path.sep)[1] ?? '';
  return globSync('test/**/*.test.ts', { cwd: root })
    .filter((file) => filter.folders?.includes(folderOf(file)) ?? true)
    .filter((file) => !(filter.except?.includes(folderOf(file)) ?? false))
    .sort();
}

/** A part run by `node --test`. Its counts come from a TAP report beside the one that is printed. */
export async function nodeTest(
  name: string,
  files: readonly string[],
  options: RunOptions & { concurrency?: number } = {},
): Promise<Counts> {
  if (files.length === 0) return { passed: 0, failed: 0 };
  const report = path.join(root, 'test-artifacts', `${name}.tap`);
  mkdirSync(path.dirname(report), { recursive: true });
  const concurrency = options.concurrency === undefined ? [] : [`--test-concurrency=${options.concurrency}`];
  const reporters = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
  reporters.push('--test-reporter=tap', `--test-reporter-destination=${report}`);
  // Each file has its own process, and most of the sources are the same.
  const env = {
    NODE_COMPILE_CACHE: path.join(root, 'test-artifacts', 'compile-cache'),
    ...(options.env ?? process.env),
  };
  const { code } = await run(process.execPath, ['--test', ...concurrency, ...reporters, ...files], { ...options, env });
  const tap = existsSync(report) ? readFileSync(report, 'utf8') : '';
  const total = (label: string): number => Number(new RegExp(`^# ${label} (\\d+)$`, 'm').exec(tap)?.[1] ?? 0);
  return judge(code, total('pass'), total('fail') + total('cancelled'));
}

/** A command that failed without a failed test (it crashed, or could not load a file) counts as one. */
function judge(code: number, passed: number, failed: number): Counts {
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}
