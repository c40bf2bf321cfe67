import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { gitEnvironment } from '../worktrees/git-process.ts';

/** Nothing that a repository configures may run a program. */
const safe = [
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.quotePath=false',
  '--no-pager',
  '--no-optional-locks',
];

/**
 * The lines of git's output. Ends git when the signal aborts or the reader stops.
 *
 * @param ok - exit codes without a fault; `git grep` ends with 1 if nothing matches
 * @throws TaskError `GitFailed` with the first line of git's error; the reason of the signal
 */
export async function* gitLines(
  cwd: string,
  args: readonly string[],
  { signal, ok = [0] }: { readonly signal?: AbortSignal | undefined; readonly ok?: readonly number[] } = {},
): AsyncIterable<string> {
  signal?.throwIfAborted();
  const git = spawn('git', [...safe, ...args], {
    cwd,
    env: gitEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = (): void => void git.kill();
  signal?.addEventListener('abort', stop);
  let errors = '';
  git.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (errors.length < 2_000) errors += text;
  });
  const ended = new Promise<number | null>((resolve, reject) => git.on('error', reject).on('close', resolve));
  ended.catch(() => {});
  let isComplete = false;
  try {
    yield* createInterface({ input: git.stdout, crlfDelay: Number.POSITIVE_INFINITY });
    isComplete = true;
  } finally {
    signal?.removeEventListener('abort', stop);
    if (!isComplete) git.kill();
  }
  const code = await ended.catch((cause: Error) => {
    throw failed(args, cause.message);
  });
  signal?.throwIfAborted();
  if (code === null || !ok.includes(code)) throw failed(args, errors.split('\n', 1)[0] || `exit code ${code}`);
}

function failed([command = '']: readonly string[], why: string): TaskError {
  return new TaskError('GitFailed', `git ${command} failed: ${why}`, {
    next: [textStep('Analyse a folder inside a git repository.')],
  });
}
