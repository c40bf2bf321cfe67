import { spawn } from 'node:child_process';

const TIMEOUT_MS = 120_000;

export interface Ended {
  /** null when it was ended because it took too long. */
  readonly code: number | null;
  readonly ms: number;
  readonly output: string;
}

/** Runs a program to its end. Without an answer to its questions, and without update checks. */
export function runProgram(words: readonly string[], cwd: string): Promise<Ended> {
  const [program = '', ...args] = words;
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: TIMEOUT_MS,
      env: { ...process.env, CI: '1', NO_COLOR: '1', TASKMASTER_SKIP_AUTO_UPDATE: '1' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => {
        output += data.toString();
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ms: performance.now() - start, output }));
  });
}

/** The same, for what must succeed. @returns milliseconds */
export async function mustRun(words: readonly string[], cwd: string): Promise<number> {
  const { code, ms, output } = await runProgram(words, cwd);
  if (code === 0) return ms;
  throw new Error(`"${words.join(' ')}" ended with ${code}:\n${output.slice(-2_000)}`);
}
