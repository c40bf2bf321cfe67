import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

export interface GitResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Git returned no exit code. */
export interface GitFailure {
  readonly failure: 'missing' | 'timeout' | 'output' | 'other';
  /** A clause without a full stop, for example "git is not on the PATH of this process". */
  readonly reason: string;
  /** A sentence with the next step. */
  readonly fix: string;
}

export interface GitCall {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly input: string | undefined;
  /** Milliseconds after which git is ended. */
  readonly limitMs: number;
}

const MAX_OUTPUT = 512 * 1024 * 1024;
/** On SIGTERM git removes its lock files; a process that does not end by then is killed. */
const GRACE_MS = 3_000;

/** Runs git to its end or to the time limit. Never rejects and never waits longer than the limit and the grace time. */
export function runGit({ cwd, args, env, input, limitMs }: GitCall): Promise<GitResult | GitFailure> {
  return new Promise((resolve) => {
    const child = spawn('git', args, { cwd, env: { ...gitEnvironment(), ...env }, stdio: 'pipe' });
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[], bytes: 0 };
    let stopped: GitFailure | undefined;
    let kill: NodeJS.Timeout | undefined;
    const limit = setTimeout(() => stop(tooSlow(limitMs)), limitMs);
    const end = (result: GitResult | GitFailure): void => {
      clearTimeout(limit);
      clearTimeout(kill);
      // A filter or hook of git may keep the pipes open.
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(result);
    };
    const stop = (why: GitFailure): void => {
      if (stopped !== undefined) return;
      stopped = why;
      child.kill('SIGTERM');
      kill = setTimeout(() => {
        child.kill('SIGKILL');
        end(why);
      }, GRACE_MS);
    };
    const collect = (kind: 'stdout' | 'stderr') => (chunk: Buffer) => {
      output.bytes += chunk.length;
      if (output.bytes > MAX_OUTPUT) stop(tooMuch);
      else output[kind].push(chunk);
    };
    child.stdout.on('data', collect('stdout'));
    child.stderr.on('data', collect('stderr'));
    child.on('error', (error: NodeJS.ErrnoException) => end(notStarted(error, cwd)));
    child.on('exit', () => {
      if (stopped !== undefined) end(stopped);
    });
    child.on('close', (code) => {
      const [stdout, stderr] = [Buffer.concat(output.stdout).toString(), Buffer.concat(output.stderr).toString()];
      end(stopped ?? { code: code ?? 128, stdout, stderr });
    });
    // Git may have ended before its input is written.
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
  });
}

/** Without variables that point git at another repository, as inside a hook; messages in English; never a question. */
export function gitEnvironment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  const own = /^GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|OBJECT_DIRECTORY|NAMESPACE|PREFIX|LITERAL_PATHSPECS)$/;
  for (const [key, value] of Object.entries(process.env)) if (!own.test(key)) env[key] = value;
  return { ...env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', GIT_EDITOR: ':' };
}

function notStarted(error: NodeJS.ErrnoException, cwd: string): GitFailure {
  if (!existsSync(cwd)) {
    return { failure: 'other', reason: `the folder ${cwd} does not exist`, fix: 'Restore the folder, and repeat.' };
  }
  if (error.code === 'ENOENT') {
    return {
      failure: 'missing',
      reason: 'git is not on the PATH of this process',
      fix: 'Install git, or add its folder to the PATH from which the worker or the editor starts, and repeat.',
    };
  }
  return {
    failure: 'other',
    reason: `git did not start (${error.message})`,
    fix: 'Check the git program, and repeat.',
  };
}

function tooSlow(limitMs: number): GitFailure {
  return {
    failure: 'timeout',
    reason: `git did not end within ${Math.ceil(limitMs / 1_000)} s and was stopped`,
    fix: 'Check whether the disk responds and whether a filter or hook of the repository waits for input. Then repeat.',
  };
}

const tooMuch: GitFailure = {
  failure: 'output',
  reason: `git printed more than ${MAX_OUTPUT / 1024 / 1024} MB`,
  fix: 'Ask for one file at a time.',
};
