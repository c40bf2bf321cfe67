import { type ChildProcess, spawn } from 'node:child_process';
import type { Environment } from '../../../environment.ts';
import { findInterpreter } from '../../../shell/interpreter.ts';
import { ToolError, type ToolOutput } from './tool.ts';

/** Characters of the output that the model reads: its beginning and its end. */
const HEAD_CHARS = 10_000;
const TAIL_CHARS = 20_000;

export interface CommandOptions {
  readonly cwd: string;
  readonly env: Environment;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Puts the errors after the output, so that they do not cut a line of it in two. */
  readonly apart?: boolean;
}

/** Runs a command line in the shell; its whole process group ends with it. */
export async function runShell(command: string, options: CommandOptions): Promise<ToolOutput> {
  const shell = findInterpreter(options.env);
  if (shell === undefined) throw new ToolError('There is no shell on this machine.');
  const flag = process.platform === 'win32' ? (shell.name === 'cmd' ? ['/d', '/c'] : ['-Command']) : ['-c'];
  return await runProgram(shell.path, [...flag, command], options);
}

/** Runs a program and collects its output. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env, timeoutMs, signal, apart = false }: CommandOptions,
): Promise<ToolOutput> {
  const output = new BoundedText();
  const errors = apart ? new BoundedText() : output;
  const posix = process.platform !== 'win32';
  const child = spawn(program, args, {
    cwd,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: posix,
    windowsHide: true,
  });
  const end = (): void => endGroup(child, posix);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    end();
  }, timeoutMs);
  signal.addEventListener('abort', end, { once: true });
  process.once('exit', end);
  try {
    child.stdout.setEncoding('utf8').on('data', (text: string) => output.add(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => errors.add(text));
    const code = await new Promise<number | string>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, name) => resolve(exitCode ?? name ?? 'unknown'));
      // A process in the background keeps the streams open; the command itself has ended.
      child.once('exit', () => setTimeout(end, 1_000).unref());
    });
    signal.throwIfAborted();
    const how = late ? `ended after ${timeoutMs / 1_000} s` : `exit code ${code}`;
    const failed = late || code !== 0;
    const exitCode = typeof code === 'number' ? { exitCode: code } : {};
    const texts = apart ? [output.text, errors.text] : [output.text];
    const lines = texts.map((text) => (text === '' || text.endsWith('\n') ? text : `${text}\n`));
    return { text: `${lines.join('')}[${how}]`, failed, ...exitCode };
  } catch (error) {
    signal.throwIfAborted();
    throw new ToolError(`The command could not run: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
    process.removeListener('exit', end);
  }
}

function endGroup({ pid }: ChildProcess, group: boolean): void {
  if (pid === undefined) return;
  try {
    process.kill(group ? -pid : pid, 'SIGKILL');
  } catch {
    // It has ended. On Windows the worker ends the tree of this process.
  }
}

/** The beginning and the end of a long text. */
class BoundedText {
  private head = '';
  private tail = '';
  private dropped = 0;

  add(text: string): void {
    const room = HEAD_CHARS - this.head.length;
    this.head += text.slice(0, Math.max(0, room));
    this.tail += text.slice(Math.max(0, room));
    if (this.tail.length > 2 * TAIL_CHARS) this.cut();
  }

  get text(): string {
    this.cut();
    return this.dropped === 0
      ? this.head + this.tail
      : `${this.head}\n[${this.dropped} characters left out]\n${this.tail}`;
  }

  private cut(): void {
    const over = Math.max(0, this.tail.length - TAIL_CHARS);
    this.dropped += over;
    this.tail = this.tail.slice(over);
  }
}
