import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RUN_MARKER } from '../../core/agent/run-marker.ts';
import { TaskError } from '../../core/errors.ts';
import { gone } from '../../store/file/disk-errors.ts';
import { livingWorkers } from './presence.ts';

/** How to start the command line in another process: the program, and its arguments before the command's own. */
export interface WorkerCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** A worker that has ended is noticed at once; one that only starts slowly, on a machine that has much to do, is waited for. */
const START_MS = 60_000;
const POLL_MS = 30;
const IDLE_EXIT_SECONDS = 300;
const MAX_LOG = 1_000_000;

/**
 * Makes sure that a worker lives on this machine for a workspace. One that is started lives in a process group of its
 * own, so that it outlives the window or terminal that asked; it ends by itself when there is nothing to do.
 */
export async function ensureWorker(folder: string, { command, args }: WorkerCommand): Promise<void> {
  if ((await livingWorkers(folder)).length > 0) return;
  const log = openLog(folder);
  const child = spawn(
    command,
    [...args, 'worker', '--background', '--idle-exit', String(IDLE_EXIT_SECONDS), '-C', folder],
    {
      cwd: folder,
      detached: true,
      stdio: ['ignore', log, log],
      env: workerEnvironment(),
      windowsHide: true,
    },
  );
  closeSync(log);
  let gone: string | undefined;
  child.once('error', (error) => {
    gone = error.message;
  });
  child.once('exit', (code, signal) => {
    gone = `it ended with ${signal ?? `exit code ${code}`}`;
  });
  child.unref();
  for (const until = Date.now() + START_MS; Date.now() < until && gone === undefined; ) {
    if ((await livingWorkers(folder)).length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  // Two faces may have started one each; the second gives way to the first.
  if ((await livingWorkers(folder)).length > 0) return;
  throw new TaskError('Internal', `The worker could not be started: ${gone ?? 'it did not answer'}.`, {
    hint: `See ${workerLog(folder)}, or run "systemprompt worker" in a terminal.`,
  });
}

/**
 * Without the mark of a run: a worker that an agent's own command started must not be taken for a part of that run, and
 * be ended with it.
 */
function workerEnvironment(): NodeJS.ProcessEnv {
  const { [RUN_MARKER]: _mark, ...env } = process.env;
  // The editor's own program is Electron; this makes it a plain Node.
  return { ...env, ELECTRON_RUN_AS_NODE: '1' };
}

export function workerLog(folder: string): string {
  return join(folder, '.systemprompt', 'state', 'worker.log');
}

function openLog(folder: string): number {
  const file = workerLog(folder);
  if (!existsSync(folder)) throw gone(folder);
  mkdirSync(join(folder, '.systemprompt', 'state'), { recursive: true });
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MAX_LOG) renameSync(file, `${file}.1`);
  return openSync(file, 'a');
}
