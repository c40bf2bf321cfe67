import { TaskError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { chooseAgent } from '../../operations/agent/agent-choice.ts';
import { livingWorkers } from '../../runtime/liveness/presence.ts';
import { Worker } from '../../runtime/schedule/worker.ts';
import type { Command, Invocation } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { integerFlag, switchFlag, textFlag, textsFlag } from '../flags.ts';
import { workspaceFolder } from '../folder.ts';
import { clock } from '../terminal/time.ts';

/** Usually started automatically; manually to watch it, or on a machine that runs tasks for others. */
export const command: Command = {
  details: `Rarely needed: starting a task also starts a background worker if none is alive.
Ctrl-C stops the worker and its agents. Their tasks are paused as interrupted and can be started again.`,
  examples: [
    { words: 'worker', description: 'run tasks and print their progress' },
    { words: 'worker --parallel 4', description: 'run up to four tasks in parallel' },
    { words: 'worker --agents CODEX,SHELL', description: 'run only tasks of these agents' },
    {
      words: 'worker --store env:TASKS_DB --repo git@example.com:shop.git',
      description: 'run tasks of a database in a clone of their repository',
    },
  ],
  flags: [
    integerFlag(
      'parallel',
      'Maximum number of tasks running in the folder, across all workers. Default: `worker.maxParallel` of `config.json`, or 2.',
    ),
    textsFlag('agents', 'Run only the tasks of these agents. Default: all that are installed.', 'name'),
    textFlag(
      'repo',
      'Checkout to work in, or the address of a repository, which is cloned once for this machine. Default: the folder.',
      'repository',
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
  const { parallel, idleExit, background, agents } = call.values;
  atLeast(1, 'parallel', parallel);
  atLeast(0, 'idle-exit', idleExit);
  const signal = call.interrupted();
  const logger = loggerOf(call);
  const host = await call.host(await checkoutOf(call, logger));
  const others = await livingWorkers(host.store.coordination);
  if (background === true && others.some(({ limited }) => limited !== true)) return exitCodes.done;
  await host.requireConfirmedTasks();
  const worker = new Worker({
    store: host.store,
    agents: host.agents,
    logger,
    program: host.program,
    mode: background === true ? 'background' : 'foreground',
    ...(typeof parallel === 'number' ? { maxParallel: parallel } : {}),
    ...(Array.isArray(agents)
      ? { onlyAgents: agents.map((name) => chooseAgent(host.agents, { tool: String(name) }).tool ?? String(name)) }
      : {}),
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

/** The folder of `--repo`; undefined without the flag. */
async function checkoutOf({ values, folder }: Invocation, logger: Logger): Promise<string | undefined> {
  const { repo } = values;
  if (typeof repo !== 'string') return undefined;
  const { isAddress, cachedCheckout } = await import('../../runtime/worktrees/cached-checkout.ts');
  return isAddress(repo) ? cachedCheckout(repo, logger) : workspaceFolder(folder, repo);
}

/** A worker without permission to run tasks would only appear to wait. */
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
