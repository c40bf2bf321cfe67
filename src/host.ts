import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createAgentCatalog } from './agents/catalog.ts';
import { parseAgentsConfig } from './agents/config.ts';
import { EditorModelProvider } from './agents/editor-model/provider.ts';
import { plainLauncher } from './agents/launcher.ts';
import type { AgentCatalog } from './core/agent/catalog.ts';
import { TaskError } from './core/errors.ts';
import { type Logger, silentLogger } from './core/logger.ts';
import type { TaskView } from './core/task/events.ts';
import type { OperationContext } from './operations/context.ts';
import { ensureForReady } from './operations/queue/ensure-worker.ts';
import { conversationsFolder, modelOffers } from './runtime/editor-models/offers.ts';
import { QueueWatch } from './runtime/queue/queue-state.ts';
import { interruptedTasks } from './runtime/recovery/abandoned.ts';
import type { WorkerCommand } from './runtime/schedule/spawn-worker.ts';
import { Home, type ImportedTasks } from './runtime/settings/home.ts';
import { confirmWorkspace, loadSettings, type Settings } from './runtime/settings/settings.ts';
import { STORE_VARIABLE, storeAddress } from './runtime/settings/store-address.ts';
import { defaultLogLimits, type LogLimits } from './store/logs/limits.ts';
import type { Repository } from './store/repository.ts';
import { TaskStore } from './store/task-store.ts';

/** The program of the agent for models of an editor, from the places of this file. */
const editorAgents = ['editor-agent.cjs', 'chunks/editor-agent.cjs', 'editor-agent.ts'];

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
  /**
   * The address of the store: `postgres://user@host/database?store=name`, `env:NAME` or `files`. Default: that of the
   * environment variable SYSTEMPROMPT_STORE or of the settings, else the files of the folder.
   */
  readonly storeAddress?: string | undefined;
  /** Returns a password that a person saved for the address of a store. Default: none. */
  readonly storePassword?: ((address: string) => Promise<string | undefined>) | undefined;
  /** True if tasks may start; false in the editor's Restricted Mode. Default: always true. */
  readonly trusted?: (() => boolean) | undefined;
}

/** An open folder: the context of every operation, created in order and released in reverse. */
export interface Host extends OperationContext {
  /** Starts the command line in another process. */
  readonly program: WorkerCommand;
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
  const address = storeAddress(options.storeAddress, use.settings.store);
  const secret = address === undefined ? undefined : await passwordOf(address, options);
  let made: (() => Promise<void>) | undefined;
  const store = await TaskStore.open({
    folder: options.folder,
    logger,
    watch: options.watch,
    logLimits,
    onMade: async () => made?.(),
    actor,
    restricted: !trusted(),
    repository: address === undefined ? undefined : await database(address, secret?.password, options, logger),
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
      get program(): WorkerCommand {
        const program = options.workerCommand ?? ownCommand();
        // Files that were chosen for this call: another process would follow its environment and the settings.
        const chosen = address ?? options.storeAddress;
        return chosen === undefined ? program : { ...program, env: { [STORE_VARIABLE]: chosen } };
      },
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
          const { program } = host;
          await ensureWorker(store.coordination, { ...program, env: { ...program.env, ...secret?.env } });
        },
      },
      close: async (): Promise<void> => {
        queue?.dispose();
        await Promise.all([archiving, ...ticks]);
        await store.close();
      },
    };
    let archiving: Promise<void> | undefined;
    const ticks = new Set<Promise<void>>();
    store.on('task:completed', ({ task }) => {
      const { tickSource, closeIssues } = host.settings.plan ?? {};
      if ((tickSource !== true && closeIssues !== true) || !trusted() || store.readOnly !== undefined) return;
      const ticking = reportToSource(host, task).finally(() => ticks.delete(ticking));
      ticks.add(ticking);
    });
    for (const problem of host.settings.problems) logger.warn(problem);
    const recovers =
      options.recovers !== false && trusted() && store.readOnly === undefined && home.importedTasks === undefined;
    if (recovers && interruptedTasks(store.view, Date.now()).length > 0) {
      const { recoverInterrupted } = await import('./runtime/recovery/interrupted.ts');
      await recoverInterrupted(store, host.agents, logger);
    }
    if (options.startWorker === true && home.importedTasks === undefined) {
      // The folder stays open in the meantime.
      void ensureForReady(host).catch((error: Error) => logger.warn(`No worker could be started: ${error.message}`));
    }
    // Long-running faces have time for it; a single command does not wait for it.
    if (trusted() && options.watch !== false) archiving = archiveEnded(host);
    return host;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Reports the completion of a task to the file or the issue that it came from, as configured. */
async function reportToSource({ store, logger, settings }: Host, task: TaskView): Promise<void> {
  try {
    if (settings.plan?.tickSource === true) {
      const { tickSource } = await import('./runtime/planning/tick-source.ts');
      await tickSource(store, task);
    }
    if (settings.plan?.closeIssues === true) {
      const { closeIssue } = await import('./runtime/github/close-issue.ts');
      await closeIssue(store, task);
    }
  } catch (error) {
    logger.warn(`The completion of #${task.number} could not be reported to its source.`, error);
  }
}

/** The password of a database, and the variables that hand it to a worker. */
async function passwordOf(
  address: string,
  { storePassword }: HostOptions,
): Promise<{ password: string | undefined; env: Readonly<Record<string, string>> }> {
  const { handedPassword, PASSWORD_VARIABLE } = await import('./runtime/settings/store-password.ts');
  const password = (await storePassword?.(address)) ?? handedPassword();
  return { password, env: password === undefined ? {} : { [PASSWORD_VARIABLE]: password } };
}

async function database(
  url: string,
  password: string | undefined,
  { folder, watch = true, trusted }: HostOptions,
  logger: Logger,
): Promise<Repository> {
  const { databaseAt } = await import('./store/repository-at.ts');
  return databaseAt(url, { folder: resolve(folder), logger, watch, password, restricted: trusted?.() === false });
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

/** Next to the library, in its bundled or its source form. */
function ownCommand(): WorkerCommand {
  return { command: process.execPath, args: [ownFile('the command line', ['cli.cjs', '../cli.cjs', 'cli/main.ts'])] };
}

function ownFile(name: string, places: readonly string[]): string {
  const found = places.map((place) => join(import.meta.dirname, place)).find((place) => existsSync(place));
  if (found === undefined) throw new TaskError('Internal', `A file of this package is missing: ${name}.`);
  return found;
}

/** Settings, and the agents that they let be used. */
async function loadUse(folder: string): Promise<{ settings: Settings; agents: AgentCatalog }> {
  const settings = await loadSettings(folder);
  const editor = new EditorModelProvider({
    offers: () => modelOffers(folder),
    sessions: conversationsFolder(),
    script: () => ownFile('the agent for models of an editor', editorAgents),
    launcher: plainLauncher,
  });
  try {
    const agents = parseAgentsConfig(settings.agents);
    return {
      settings,
      agents: createAgentCatalog({ folder, agents, unconfirmed: settings.unconfirmed, providers: [editor] }),
    };
  } catch (error) {
    // One wrong agent must not take the others away, nor the tasks.
    const problems = [...settings.problems, TaskError.from(error).message];
    return { settings: { ...settings, problems }, agents: createAgentCatalog({ folder, providers: [editor] }) };
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
