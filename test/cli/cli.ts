import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tempFolder, until } from '../support/temp-folder.ts';

/** What is built, where `npm test` has just built it: a command of it takes a third of the time. */
const main = process.env.TEST_CLI ?? fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A call that still runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly finished: Promise<Finished>;
}

/** The real command line, in a folder of its own, in processes of its own. */
export interface Cli {
  readonly folder: string;
  (...words: string[]): Promise<Finished>;
  /** Runs a call that must succeed, and gives what it printed. */
  ok(...words: string[]): Promise<string>;
  /** Runs a call that must succeed with `--json`, and gives the value. */
  json<T = Record<string, unknown>>(...words: string[]): Promise<T>;
  /** Starts a call and does not wait for its end. */
  start(...words: string[]): Running;
  input(text: string, ...words: string[]): Promise<Finished>;
}

/**
 * Workers that calls leave behind in the folder are ended with the test, before the folder goes away.
 *
 * @param extra variables laid over the environment of every call
 */
export function cli(
  context: { after(end: () => void | Promise<void>): void },
  given?: string,
  cwd?: string,
  extra: NodeJS.ProcessEnv = {},
): Cli {
  const made: { folder?: string } = {};
  if (given === undefined) context.after(() => endWorkers(made.folder ?? ''));
  const folder = given ?? tempFolder(context);
  made.folder = folder;
  const env = {
    ...process.env,
    HOME: folder,
    // Compiled code, which the calls of all tests share.
    XDG_CACHE_HOME: join(tmpdir(), 'systemprompt-test-cache'),
    TZ: 'UTC',
    NO_COLOR: '',
    FORCE_COLOR: '',
    GIT_CONFIG_NOSYSTEM: '1',
    ...extra,
  };
  const start = (words: readonly string[], input?: string): Running => {
    const child = spawn(process.execPath, [main, ...words], {
      cwd: cwd ?? folder,
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    // A command that does not read its input may be gone before it is written.
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const finished = new Promise<Finished>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, stdout, stderr }));
    });
    context.after(() => void child.kill('SIGKILL'));
    return { child, stdout: () => stdout, finished };
  };
  const ok = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await start(words).finished;
    assert.equal(code, 0, `systemprompt ${words.join(' ')}: ${stderr}${stdout}`);
    return stdout;
  };
  return Object.assign((...words: string[]) => start(words).finished, {
    folder,
    ok,
    json: async <T>(...words: string[]) => JSON.parse(await ok(...words, '--json')) as T,
    start: (...words: string[]) => start(words),
    input: (text: string, ...words: string[]) => start(words, text).finished,
  });
}

async function endWorkers(folder: string): Promise<void> {
  const workers = join(folder, '.systemprompt', 'state', 'workers');
  const pids = namesIn(workers).flatMap((name) => {
    try {
      return [(JSON.parse(readFileSync(join(workers, name), 'utf8')) as { pid: number }).pid];
    } catch {
      return [];
    }
  });
  for (const pid of pids) signal(pid, 'SIGTERM');
  await until('the workers have ended', () => pids.every((pid) => !signal(pid, 0)));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
