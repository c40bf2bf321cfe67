import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { RUN_MARKER, runMarker } from '../core/agent/run-marker.ts';
import { TaskError } from '../core/errors.ts';
import { type NextStep, shellStep, textStep } from '../core/next-step.ts';
import type { AgentEnd } from '../core/task/turn.ts';
import { endRun, type LeftOver, processesOfRun, type Run } from './end-processes.ts';

export interface ProcessGroupOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Absolute folder. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: 'pipe' | 'ignore';
  /** Marks the environment of all its processes, to find leftovers of a dead worker's run. */
  readonly taskId: string;
  /** Next step for a person if the command cannot be started. */
  readonly next?: readonly NextStep[] | undefined;
}

/** A child process and everything it starts. */
export interface ProcessGroup {
  readonly pid: number;
  /** Undefined when it was started with `stdin: 'ignore'`. */
  readonly stdin: Writable | undefined;
  /** Output bytes for `for await`; slow reading slows the child down. */
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when the child itself has exited; its own children may still run. */
  readonly exited: Promise<AgentEnd>;
  /** Resolves when the whole group has exited. Follows `exited` automatically: remaining children are ended. */
  readonly gone: Promise<LeftOver>;
  /**
   * Ends the group: SIGTERM, then SIGKILL, within 2 s in total. Resolves when all have exited. Never rejects; a second call
   * joins the first.
   */
  end(): Promise<LeftOver>;
}

/** Milliseconds after which a process that `taskkill` does not end is reported as left. */
const TASKKILL_MS = 10_000;
/** Milliseconds that children may outlive the child (for example `tee` at the end of a pipe). */
const LINGER_MS = 1_000;

/**
 * Starts a child in its own process group.
 *
 * @throws TaskError `AgentUnavailable` if it cannot be started
 */
export async function startProcessGroup(options: ProcessGroupOptions): Promise<ProcessGroup> {
  checkFolder(options.cwd);
  const nonce = randomUUID();
  const child = await start(options, nonce);
  const { pid, stdout, stderr } = child;
  if (pid === undefined || stdout === null || stderr === null) {
    throw new TaskError('AgentUnavailable', `"${options.command}" could not be started.`, { next: options.next });
  }
  const run: Run = { pgid: pid, taskId: options.taskId, nonce };
  const exited = exitOf(child);
  // Writing to a child that has exited fails with EPIPE; `exited` reports the exit.
  child.stdin?.on('error', () => {});

  let ending: Promise<LeftOver> | undefined;
  const end = (): Promise<LeftOver> => {
    ending ??= process.platform === 'win32' ? endTree(child, pid) : endRun(run);
    return ending;
  };
  const gone = exited.then(async () => {
    if (ending === undefined && process.platform !== 'win32') await linger(run, () => ending !== undefined);
    return await end();
  });
  return { pid, stdin: child.stdin ?? undefined, stdout, stderr, exited, gone, end };
}

async function start(options: ProcessGroupOptions, nonce: string): Promise<ChildProcess> {
  // npm's commands on Windows are batch files, which only a shell can run.
  const shell = process.platform === 'win32' && /\.(?:cmd|bat)$/i.test(options.command);
  const marker = runMarker(options.taskId, nonce, options.env[RUN_MARKER]);
  const quote = (word: string): string => (shell ? `"${word.replaceAll('"', '""')}"` : word);
  return await new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(cannotStart(options, error));
    let child: ChildProcess;
    try {
      child = spawn(quote(options.command), options.args.map(quote), {
        cwd: options.cwd,
        env: { ...options.env, [RUN_MARKER]: marker },
        stdio: [options.stdin, 'pipe', 'pipe'],
        detached: process.platform !== 'win32',
        windowsHide: true,
        shell,
      });
    } catch (error) {
      fail(error); // an argument with a NUL byte, for example
      return;
    }
    child.once('error', fail);
    child.once('spawn', () => {
      child.off('error', fail);
      // When a child exits, Node discards unread output; with a listener it waits for the reader.
      child.stdout?.on('readable', () => {});
      child.stderr?.on('readable', () => {});
      child.on('error', () => {}); // The signal could not be delivered: the process has exited.
      resolve(child);
    });
  });
}

function exitOf(child: ChildProcess): Promise<AgentEnd> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve({ ...(code === null ? {} : { exitCode: code }), ...(signal === null ? {} : { signal }) });
    });
  });
}

async function linger(run: Run, stop: () => boolean): Promise<void> {
  for (const until = performance.now() + LINGER_MS; performance.now() < until && !stop(); await delay(50)) {
    if ((await processesOfRun(run)).length === 0) return;
  }
}

async function endTree(child: ChildProcess, pid: number): Promise<LeftOver> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = new Promise<boolean>((resolve) => child.once('exit', () => resolve(true)));
    execFile('taskkill', ['/PID', String(pid), '/T', '/F'], { timeout: TASKKILL_MS }, () => {});
    const end = new AbortController();
    const late = delay(TASKKILL_MS, false, { signal: end.signal }).catch(() => false);
    const gone = await Promise.race([exited, late]);
    end.abort();
    if (!gone) return { ended: 0, left: [pid] };
  }
  return { ended: 0, left: [] };
}

function checkFolder(cwd: string): void {
  if (statSync(cwd, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new TaskError('AgentUnavailable', `The working folder does not exist: ${cwd}`, {
    next: [textStep('Restore the folder, or restart the task so that it gets a new one.')],
  });
}

function cannotStart(options: ProcessGroupOptions, error: unknown): TaskError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  const why =
    code === 'ENOENT'
      ? 'there is no such program'
      : code === 'EACCES'
        ? 'it may not be executed'
        : error instanceof Error
          ? error.message
          : String(error);
  const next =
    code === 'EACCES'
      ? [shellStep('Make it executable', `chmod +x "${options.command}"`)]
      : (options.next ?? [textStep('Install it, or check its name and PATH.')]);
  return new TaskError('AgentUnavailable', `"${options.command}" could not be started: ${why}.`, {
    next,
    cause: error,
    details: { command: options.command, ...(code === undefined ? {} : { code }) },
  });
}
