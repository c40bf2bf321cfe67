import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createAgentCatalog } from './agents/catalog.ts';
import { parseAgentsConfig } from './agents/config.ts';
import type { AgentCatalog } from './core/agent/catalog.ts';
import { TaskError } from './core/errors.ts';
import { type Logger, silentLogger } from './core/logger.ts';
import type { OperationContext } from './operations/context.ts';
import { ensureForReady } from './operations/queue/queue-tasks.ts';
import { QueueWatch } from './runtime/queue/queue-state.ts';
import type { WorkerCommand } from './runtime/schedule/spawn-worker.ts';
import { Home, type ImportedTasks } from './runtime/settings/home.ts';
import { confirmWorkspace, loadSettings, type Settings } from './runtime/settings/settings.ts';
import { defaultLogLimits } from './store/file/logs/retention.ts';
import type { LogLimits } from './store/logs/limits.ts';
import { TaskStore } from './store/task-store.ts';

export interface HostOptions {
  /** The workspace folder. */
  readonly folder: string;
  /** The acting person. Default: the git identity of the folder. */
  readonly actor?: string | undefined;
  readonly logger?: Logger | undefined;
  /** The command that starts a worker in the background. Default: the command line of this package. */
  readonly workerCommand?: WorkerCommand | undefined;
  /** Whether changes of other processes are watched. Default: true. */
  readonly watch?: boolean | undefined;
  /** Recovers tasks of dead workers first. Default: true. A worker does this itself after announcing itself. */
  readonly recovers?: boolean | undefined;
  /** Starts a worker if the folder has queued tasks, for example after a restart. Default: false. */
  readonly startWorker?: boolean | undefined;
  /** True if tasks may start; false in the editor's Restricted Mode. Default: always true. */
  readonly trusted?: (() => boolean) | undefined;
}

/** An open folder: the context of every operation, created in order and released in reverse. */
export interface Host extends OperationContext {
  /** The state of the queue; undefined for a host that does not watch the folder. */
  readonly queue: QueueWatch | undefined;
  close(): Promise<void>;
}

/**
 * Opens a folder with its store, settings and agents, on which operations run. Close it after use.
 *
 * @throws TaskError if the store of the folder cannot be read
 * @example
 * const host = await openHost({ folder: process.cwd(), actor: 'Ada' });
 * await operations['task.start'].run(host, { tasks: [3] });
 * await host.close();
 */
export async function openHost(options: HostOptions): Promise<Host> {
  const logger = options.logger ?? silentLogger;
  const trusted = options.trusted ?? ((): boolean => true);
  const use = await loadUse(resolve(options.folder));
  const actor = options.actor ?? (await gitIdentity(resolve(options.folder)));
  const logLimits = logLimitsOf(use.settings);
  let made: (() => Promise<void>) | undefined;
  const store = await TaskStore.open({
    folder: options.folder,
    logger,
    watch: options.watch,
    logLimits,
    onMade: async () => made?.(),
    actor,
    restricted: !trusted(),
  });
  try {
    const queue = options.watch === false ? undefined : new QueueWatch(store.coordination);
    await queue?.refresh();
    const home = await Home.of(store, trusted());
    made = () => home.made();
    const host = {
      store,
      ...use,
      logger,
      actor,
      trusted,
      queue,
      async confirmAgents(shown: readonly string[]): Promise<void> {
        await confirmWorkspace(store.folder, shown);
        await host.readSettings();
      },
      async readSettings(): Promise<void> {
        await home.recheck();
        const read = await loadUse(store.folder);
        // A catalog caches the answers of the agents, so it is replaced only if its settings differ.
        if (!isDeepStrictEqual(read.settings, host.settings)) Object.assign(host, read);
      },
      get importedTasks(): ImportedTasks | undefined {
        return home.importedTasks;
      },
      confirmTasks: () => home.confirm(),
      requireConfirmedTasks: () => home.require(),
      worker: {
        ensure: async (): Promise<void> => {
          await home.require();
          const { ensureWorker } = await import('./runtime/schedule/spawn-worker.ts');
          await ensureWorker(store.coordination, options.workerCommand ?? ownCommand());
        },
      },
      close: async (): Promise<void> => {
        queue?.dispose();
        await archiving;
        await store.close();
      },
    };
    let archiving: Promise<void> | undefined;
    for (const problem of host.settings.problems) logger.warn(problem);
    const recovers =
      options.recovers !== false && trusted() && store.readOnly === undefined && home.importedTasks === undefined;
    if (recovers) {
      const { recoverInterrupted } = await import('./runtime/recovery/interrupted.ts');
      await recoverInterrupted(store, host.agents, logger);
    }
    if (options.startWorker === true && home.importedTasks === undefined) {
      // The folder is open meanwhile.
      void ensureForReady(host).catch((error: Error) => logger.warn(`No worker could be started: ${error.message}`));
    }
    // Faces that stay have the time for it; a single command is not to wait for it.
    if (trusted() && options.watch !== false) archiving = archiveEnded(host);
    return host;
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function archiveEnded({ store, settings, logger }: Host): Promise<void> {
  const { archiveOld } = await import('./runtime/recovery/auto-archive.ts');
  await archiveOld(store, settings.archive?.afterDays, logger);
}

function logLimitsOf({ logs }: Settings): LogLimits {
  const { plainMegabytes, maxMegabytes } = logs ?? {};
  return {
    ...defaultLogLimits,
    ...(plainMegabytes === undefined ? {} : { capBytes: plainMegabytes * 1_000_000 }),
    ...(maxMegabytes === undefined ? {} : { maxBytes: maxMegabytes * 1_000_000 }),
  };
}

/** Beside the library as it is built, or as it is written. */
function ownCommand(): WorkerCommand {
  const places = ['cli.js', '../cli.js', 'cli/main.ts'].map((place) => join(import.meta.dirname, place));
  const cli = places.find((place) => existsSync(place));
  if (cli === undefined) throw new TaskError('Internal', 'The command line of this package is missing.');
  return { command: process.execPath, args: [cli] };
}

/** Settings, and the agents that they let be used. */
async function loadUse(folder: string): Promise<{ settings: Settings; agents: AgentCatalog }> {
  const settings = await loadSettings(folder);
  try {
    return {
      settings,
      agents: createAgentCatalog({
        folder,
        agents: parseAgentsConfig(settings.agents),
        unconfirmed: settings.unconfirmed,
      }),
    };
  } catch (error) {
    // One wrong agent must not take the others away, nor the tasks.
    const problems = [...settings.problems, TaskError.from(error).message];
    return { settings: { ...settings, problems }, agents: createAgentCatalog({ folder }) };
  }
}

/** `Name <address>` as git has it for the folder, else the name of the user. */
async function gitIdentity(folder: string): Promise<string> {
  const { execFile } = await import('node:child_process');
  const lines = await new Promise<string>((resolve) => {
    const args = ['config', '--get-regexp', '^user\\.(name|email)$'];
    execFile('git', args, { cwd: folder, timeout: 5_000 }, (error, stdout) => resolve(error ? '' : stdout));
  });
  const value = (key: string): string => lines.match(new RegExp(`^user\\.${key} (.*)$`, 'm'))?.[1]?.trim() ?? '';
  const [name, email] = [value('name'), value('email')];
  if (name !== '' && email !== '') return `${name} <${email}>`;
  return name || email || userInfo().username;
}
