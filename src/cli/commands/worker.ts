import { TaskError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { livingWorkers } from '../../runtime/liveness/presence.ts';
import { Worker } from '../../runtime/schedule/worker.ts';
import type { Command, Invocation } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { integerFlag, switchFlag } from '../flags.ts';
import { clock } from '../terminal/time.ts';

/** Usually started automatically; by hand to watch it, or on a machine that runs tasks for others. */
export const command: Command = {
  details: `Rarely needed: starting a task also starts a background worker if none is alive.
Ctrl-C stops the worker and its agents. Their tasks are paused as interrupted and can be started again.`,
  examples: [
    { words: 'worker', description: 'run tasks and print their progress' },
    { words: 'worker --parallel 4', description: 'run up to four tasks in parallel' },
  ],
  flags: [
    integerFlag(
      'parallel',
      'Maximum number of tasks running in the folder, across all workers. Default: `worker.maxParallel` of `config.json`, or 2.',
    ),
    integerFlag('idleExit', 'Exit after this many seconds without work. Default: never.'),
    { ...switchFlag('background', 'Started by another command: give way to a worker that is alive.'), hidden: true },
  ],
  positional: [],
  json: 'JSON Lines: `{ at, level, message }`',
  reads: false,
  follows: true,
  // The `worker` command waits until its worker is registered, and not until the agents of others end.
  recovers: true,
  run: work,
};

async function work(call: Invocation): Promise<ExitCode> {
  const { parallel, idleExit, background } = call.values;
  atLeast(1, 'parallel', parallel);
  atLeast(0, 'idle-exit', idleExit);
  const signal = call.interrupted();
  const host = await call.host();
  const others = await livingWorkers(host.store.coordination);
  if (background === true && others.length > 0) return exitCodes.done;
  await host.requireConfirmedTasks();
  const logger = loggerOf(call);
  const worker = new Worker({
    store: host.store,
    agents: host.agents,
    logger,
    mode: background === true ? 'background' : 'foreground',
    ...(typeof parallel === 'number' ? { maxParallel: parallel } : {}),
    ...(typeof idleExit === 'number' ? { idleExitMs: idleExit * 1_000 } : {}),
  });
  const stop = (): void => {
    logger.info('Stopping: agents are ended, their tasks can be started again.');
    void worker.stop();
  };
  signal.addEventListener('abort', stop, { once: true });
  await worker.start();
  logger.info(`Worker ${process.pid} runs the tasks of ${host.store.folder}. Ctrl-C stops it.`);
  for (const other of others) logger.info(`Worker ${other.pid} is alive too; they share the tasks.`);
  if (signal.aborted) stop();
  await worker.ended;
  return exitCodes.done;
}

/** A worker that may run nothing would only look as if it waited. */
function atLeast(least: number, flag: string, value: unknown): void {
  if (typeof value === 'number' && value < least)
    throw new TaskError('InvalidInput', `--${flag} must be at least ${least}.`);
}

function loggerOf({ out, json }: Invocation): Logger {
  const write = (level: string, message: string, details?: unknown): void => {
    const at = new Date(out.now()).toISOString();
    const why = details instanceof Error ? ` ${details.message}` : '';
    if (json) out.jsonLine({ at, level, message: `${message}${why}` });
    else {
      const mark = level === 'info' ? '' : `${level}: `;
      out.print(`${out.style('dim', clock(at, out.now()))}  ${mark}${sanitizeLine(`${message}${why}`)}`);
    }
  };
  return {
    debug: () => {},
    info: (message, details) => write('info', message, details),
    warn: (message, details) => write('warn', message, details),
    error: (message, details) => write('error', message, details),
  };
}
