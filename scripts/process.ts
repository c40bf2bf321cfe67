import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';

/** The project's folder: scripts work from anywhere. */
export const root: string = path.resolve(import.meta.dirname, '..');

/** One line of what the set-up is doing; on stderr, so that stdout stays for results. */
export function say(text: string): void {
  process.stderr.write(`· ${text}\n`);
}

/** Something this machine lacks: the message says what to do about it. Callers may skip loudly instead of failing. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** The result of a command. `code` is 128 + the signal's number for a process that a signal ended, as shells do it. */
export interface Finished {
  readonly code: number;
  /** Standard output and standard error in the order they arrived. */
  readonly output: string;
}

/** The options of a command. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** `show` passes the output on as it comes, `hide` only collects it. */
  readonly output?: 'show' | 'hide';
  /** After this time the command is ended by SIGTERM. Default: never. */
  readonly timeoutMs?: number;
}

/** Runs a command to its end. Rejects only when it cannot be started; the exit code is the caller's to judge. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs,
    });
    const chunks: Buffer[] = [];
    const take = (to: NodeJS.WriteStream) => (chunk: Buffer) => {
      chunks.push(chunk);
      if (options.output !== 'hide') to.write(chunk);
    };
    child.stdout.on('data', take(process.stdout));
    child.stderr.on('data', take(process.stderr));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({
        code: code ?? (signal === null ? 1 : 128 + constants.signals[signal]),
        output: Buffer.concat(chunks).toString('utf8'),
      });
    });
  });
}

/** As {@link run}, for commands that must succeed: the error carries the end of their output. */
export async function must(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, output } = await run(command, args, options);
  if (code === 0) return output;
  const end = output.trim().split('\n').slice(-20).join('\n');
  throw new Error(`${command} ${args.join(' ')} ended with code ${code}:\n${end}`);
}

/**
 * Ends a process started with `detached: true` and everything it started: first asks the whole group,
 * and after `graceMs` kills it. Resolves when the process itself is gone.
 */
export async function stopGroup(child: ChildProcess, graceMs = 3000): Promise<void> {
  const pid = child.pid;
  if (pid === undefined) return;
  const gone = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
  signalGroup(pid, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs);
  await gone;
  clearTimeout(timer);
  // Children may outlive their leader: the group ends with its last member.
  signalGroup(pid, 'SIGKILL');
}

const groups = new Set<number>();

/**
 * Kills the group of a `detached` child when this process ends without {@link stopGroup}: by an error, `process.exit`,
 * or Ctrl-C without another handler. A separate group does not receive a terminal's Ctrl-C.
 */
export function endWithUs(child: ChildProcess): void {
  const pid = child.pid;
  if (pid === undefined) return;
  watchForTheEnd();
  groups.add(pid);
  child.once('exit', () => groups.delete(pid));
}

let watching = false;

function watchForTheEnd(): void {
  if (watching) return;
  watching = true;
  process.on('exit', () => {
    for (const pid of groups) signalGroup(pid, 'SIGKILL');
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(128 + constants.signals[signal]);
    });
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
