import { spawn } from 'node:child_process';

/** The last part of a longer output is kept. */
const MOST_OUTPUT = 64 * 1024;

export interface ShellCommand {
  /** A line for the shell of the system. */
  readonly command: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Text for its standard input. Default: none. */
  readonly input?: string | undefined;
  /** Milliseconds after which it is killed with its children. */
  readonly limitMs: number;
}

export interface ShellRun {
  /** `end` is undefined for success, else a clause. Never rejects. */
  readonly done: Promise<{ readonly output: string; readonly end: string | undefined }>;
  /** Kills the command and its children. `why` is the clause for its end. */
  stop(why: string): void;
}

/** Runs a command of the settings, bounded in time and output. */
export function runShellCommand({ command, cwd, env, input, limitMs }: ShellCommand): ShellRun {
  const group = process.platform !== 'win32';
  const child = spawn(command, { cwd, env, shell: true, stdio: 'pipe', detached: group });
  let output = '';
  let stopped: string | undefined;
  const stop = (why: string): void => {
    stopped ??= why;
    try {
      if (group && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      else child.kill('SIGKILL');
    } catch {
      // It has already exited.
    }
  };
  const limit = setTimeout(() => stop(`did not end within ${timeWords(limitMs)}`), limitMs);
  const done = new Promise<{ output: string; end: string | undefined }>((resolve) => {
    const finish = (end: string | undefined): void => {
      clearTimeout(limit);
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
      resolve({ output, end });
    };
    const collect = (text: string): void => {
      output = (output + text).slice(-MOST_OUTPUT);
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    // A command that reads no input closes the pipe.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.on('error', (error) => finish(`did not start (${error.message})`));
    child.on('exit', (code, signal) => {
      // Background processes of the command keep the pipes open: the output so far is enough.
      setImmediate(() => finish(stopped ?? (code === 0 ? undefined : `ended with ${code ?? signal}`)));
    });
  });
  return { done, stop };
}

function timeWords(ms: number): string {
  const [count, unit] = ms < 60_000 ? [Math.ceil(ms / 1_000), 'second'] : [Math.ceil(ms / 60_000), 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
