import type { AgentCatalog, AgentInfo, AgentProvider } from '../core/agent/catalog.ts';
import { TaskError } from '../core/errors.ts';
import { operationStep, suggestions, textStep } from '../core/next-step.ts';
import { type AgentsConfig, parseAgentsConfig } from './config.ts';
import type { Environment } from './environment.ts';
import { SHELL_NAME } from './known.ts';
import { type Launcher, plainLauncher } from './launcher.ts';
import { ProgramProvider } from './program-provider.ts';
import { ShellProvider } from './shell/provider.ts';

export interface AgentCatalogOptions {
  /** Configured agents by name. A known name extends the known agent. */
  readonly agents?: AgentsConfig | undefined;
  /** Agents of the folder without a confirmation on this machine; using one by name is an error that explains this. */
  readonly unconfirmed?: readonly string[] | undefined;
  /** The workspace's folder, the base of relative commands of configured agents. */
  readonly folder?: string | undefined;
  /** The environment to search and to start from. Default: that of the process. */
  readonly env?: Environment | undefined;
  /** Starts the processes of the agents. Default: as plain processes. */
  readonly launcher?: Launcher | undefined;
  /** Further sources of agents. A name that an earlier source has already is left out. */
  readonly providers?: readonly AgentProvider[] | undefined;
  /** Milliseconds until an agent must accept its first prompt, instead of the configured ones. */
  readonly startTimeoutMs?: number | undefined;
}

/** Milliseconds to cache detections: a pick list opens immediately and a new installation shows soon. */
const DETECTION_MS = 30_000;

/**
 * The agents of a folder: known and configured programs, the shell, and further providers.
 *
 * @throws TaskError `InvalidInput` for a configuration of the wrong shape
 */
export function createAgentCatalog(options: AgentCatalogOptions = {}): AgentCatalog {
  const { env = process.env, launcher = plainLauncher, providers = [], folder, startTimeoutMs } = options;
  const configured = checked(parseAgentsConfig(options.agents));
  const programs = new ProgramProvider({ configured, folder, env, launcher, startTimeoutMs });
  return composeCatalog([programs, new ShellProvider({ env, launcher }), ...providers], launcher, options.unconfirmed);
}

/** Joins providers to one catalog. */
function composeCatalog(
  providers: readonly AgentProvider[],
  launcher: Launcher,
  unconfirmed: readonly string[] = [],
): AgentCatalog {
  const providerOf = new Map<string, AgentProvider>();
  for (const provider of providers) {
    for (const name of provider.names) if (!providerOf.has(name)) providerOf.set(name, provider);
  }
  let detected: { readonly until: number; readonly infos: Promise<AgentInfo[]> } | undefined;
  const detect = async (): Promise<AgentInfo[]> => {
    const lists = await Promise.all(
      providers.map(async (provider) =>
        (await provider.list()).filter(({ name }) => providerOf.get(name) === provider),
      ),
    );
    return lists.flat();
  };

  return {
    names: [...providerOf.keys()],

    list(): Promise<AgentInfo[]> {
      if (detected === undefined || performance.now() > detected.until) {
        detected = { until: performance.now() + DETECTION_MS, infos: detect() };
      }
      return detected.infos;
    },

    unavailable(name) {
      const provider = providerOf.get(name);
      return provider === undefined ? notFound(name, [...providerOf.keys()], unconfirmed) : provider.unavailable(name);
    },

    get(name) {
      const provider = providerOf.get(name);
      const error = this.unavailable(name);
      if (provider === undefined || error !== undefined) throw error;
      return provider.get(name);
    },

    countsCost: (name, model) => providerOf.get(name)?.countsCost?.(name, model),

    spent: async (name, sessionId, model) => providerOf.get(name)?.spent?.(name, sessionId, model),

    endLeftBehind: (taskId, isStillAbandoned) => launcher.endLeftBehind(taskId, isStillAbandoned),
  };
}

function checked(config: AgentsConfig): AgentsConfig {
  if (!Object.hasOwn(config, SHELL_NAME)) return config;
  throw new TaskError('InvalidInput', `An agent cannot be configured as ${SHELL_NAME}: that is the embedded one.`, {
    next: [textStep('Give it another name.')],
  });
}

function notFound(name: string, names: string[], unconfirmed: readonly string[]): TaskError {
  if (unconfirmed.includes(name)) {
    return new TaskError('AgentNotFound', `The agent "${name}" came with this folder and is not confirmed yet.`, {
      next: [operationStep('Review and confirm it', 'agents')],
      details: { known: names, unconfirmed: name },
    });
  }
  return new TaskError('AgentNotFound', `There is no agent "${name}".`, {
    next: [
      ...suggestions(name, names),
      textStep(`Use one of ${names.join(', ')}, or configure it under "agents" in .systemprompt/config.json.`),
      operationStep('List the agents', 'agents'),
    ],
    details: { known: names },
  });
}
