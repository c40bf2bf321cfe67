import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { RUN_MARKER } from '../../core/agent/run-marker.ts';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import type { Coordination } from '../../store/ports.ts';
import { livingWorkers } from '../liveness/presence.ts';

/** The program that starts the command line in another process, and its arguments before the command's own. */
export interface WorkerCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** An ended worker is noticed at once. A worker that starts slowly on a busy machine gets this much time. */
const START_MS = 60_000;
const POLL_MS = 30;
const IDLE_EXIT_SECONDS = 300;

/**
 * Starts a worker for a folder on this machine unless one is alive. The worker gets its own process group, so that it
 * outlives the window or terminal that started it. It exits when it has no work.
 */
export async function ensureWorker(coordination: Coordination, { command, args, env }: WorkerCommand): Promise<void> {
  if (await isServed(coordination)) return;
  const { folder, workerLog } = coordination;
  const log = workerLog.open();
  const child = spawn(
    command,
    [...args, 'worker', '--background', '--idle-exit', String(IDLE_EXIT_SECONDS), '-C', folder],
    {
      cwd: folder,
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...workerEnvironment(), ...env },
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
  for (const until = performance.now() + START_MS; performance.now() < until && gone === undefined; ) {
    if (await isServed(coordination)) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  // Two faces may have started one each; the second one exits.
  if (await isServed(coordination)) return;
  throw new TaskError('Internal', `The worker could not be started: ${gone ?? 'it did not answer'}.`, {
    next: [textStep(`Read the log of the worker: ${workerLog.name}.`)],
  });
}

/** True if a worker of this folder runs the tasks of every agent. */
async function isServed(coordination: Coordination): Promise<boolean> {
  return (await livingWorkers(coordination)).some(({ limited }) => limited !== true);
}

/**
 * Without the marker of a run: a worker that an agent's command started is not a part of that run, and must not be
 * ended with it.
 */
function workerEnvironment(): NodeJS.ProcessEnv {
  const { [RUN_MARKER]: _mark, ...env } = process.env;
  // The editor's own program is Electron; this makes it a plain Node.
  return { ...env, ELECTRON_RUN_AS_NODE: '1' };
}
