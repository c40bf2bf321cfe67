import type { Agent, AgentCatalog, AgentInfo } from '../core/agent/port.ts';
import { TaskError } from '../core/errors.ts';
import { operationStep, shellStep, textStep } from '../core/next-step.ts';
import type { TokensCount } from './acp/accounting.ts';
import { lazyAcpAgent } from './acp/lazy.ts';
import { type AgentsConfig, parseAgentsConfig } from './config.ts';
import { detectVersion } from './detect.ts';
import { endLeftBehind } from './end-processes.ts';
import type { Environment } from './environment.ts';
import { findProgram } from './find-program.ts';
import { type KnownAgent, knownAgents, SHELL_NAME } from './known.ts';
import { createShellAgent } from './shell/agent.ts';
import { findInterpreter } from './shell/interpreter.ts';

export interface AgentCatalogOptions {
  /** Configured agents: `{ NAME: { command, args?, env?, title? } }`. */
  readonly agents?: AgentsConfig | undefined;
  /** Agents of the folder without a confirmation on this machine; using one by name is an error that explains this. */
  readonly unconfirmed?: readonly string[] | undefined;
  /** The workspace's folder, from which relative commands of configured agents are meant. */
  readonly folder?: string | undefined;
  /** The environment to search and to start from. Default: that of the process. */
  readonly env?: Environment | undefined;
  /** Milliseconds until an agent must accept its first prompt. Default: 60,000. */
  readonly startTimeoutMs?: number | undefined;
}

/** Where an agent's program is and how to run it. */
interface Entry {
  readonly name: string;
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Environment | undefined;
  readonly known?: KnownAgent | undefined;
  readonly tokensCount?: TokensCount | undefined;
}

/** Milliseconds to cache detections: a pick list opens immediately and a new installation shows soon. */
const DETECTION_MS = 30_000;

/**
 * The agents that a workspace can use.
 *
 * @throws TaskError `InvalidInput` for a configuration of the wrong shape
 */
export function createAgentCatalog(options: AgentCatalogOptions = {}): AgentCatalog {
  const env = options.env ?? process.env;
  const entries = entriesOf(parseAgentsConfig(options.agents));
  const pathOf = (entry: Entry): string | undefined => findProgram(entry.command, env, options.folder);
  let detected: { readonly until: number; readonly infos: Promise<AgentInfo[]> } | undefined;

  return {
    list(): Promise<AgentInfo[]> {
      if (detected === undefined || Date.now() > detected.until) {
        const acp = [...entries.values()].map((entry) => detect(entry, pathOf(entry), env));
        detected = { until: Date.now() + DETECTION_MS, infos: Promise.all([...acp, detectShell(env)]) };
      }
      return detected.infos;
    },

    get(name: string): Agent {
      if (name === SHELL_NAME) return createShellAgent({ env });
      const entry = entries.get(name);
      if (entry === undefined) throw notFound(name, [...entries.keys(), SHELL_NAME], options.unconfirmed);
      const path = pathOf(entry);
      if (path === undefined) throw notInstalled(entry);
      return lazyAcpAgent({
        name,
        title: entry.title,
        command: path,
        args: entry.args,
        env: { ...env, ...entry.env },
        login: entry.known?.login,
        tokensCount: entry.tokensCount ?? entry.known?.tokensCount,
        writesItself: entry.known?.writesItself,
        native: entry.known?.native,
        startTimeoutMs: options.startTimeoutMs,
      });
    },

    async endLeftBehind(taskId: string, isStillAbandoned: () => Promise<boolean>): Promise<number> {
      return (await endLeftBehind(taskId, isStillAbandoned)).ended;
    },
  };
}

function entriesOf(config: AgentsConfig): Map<string, Entry> {
  if (Object.hasOwn(config, SHELL_NAME)) {
    throw new TaskError('InvalidInput', `An agent cannot be configured as ${SHELL_NAME}: that is the embedded one.`, {
      next: [textStep('Give it another name.')],
    });
  }
  const entries = new Map<string, Entry>(knownAgents.map((known) => [known.name, { ...known, known }]));
  for (const [name, { command, args = [], env, title = name, tokens }] of Object.entries(config)) {
    entries.set(name, { name, title, command, args, env, tokensCount: tokens });
  }
  return entries;
}

async function detect(entry: Entry, path: string | undefined, env: Environment): Promise<AgentInfo> {
  const about = { name: entry.name, title: entry.title, kind: 'acp' as const };
  if (path === undefined) return { ...about, available: false, install: howToInstall(entry) };
  // A configured program runs only for tasks: it may not support `--version`.
  const version = entry.known === undefined ? undefined : await detectVersion(path, entry.known, env);
  return { ...about, path, available: true, ...(version === undefined ? {} : { version }) };
}

async function detectShell(env: Environment): Promise<AgentInfo> {
  const about = { name: SHELL_NAME, title: 'Shell script', kind: 'shell' as const };
  const shell = findInterpreter(env);
  if (shell === undefined) return { ...about, available: false, install: 'Install bash or sh.' };
  const versionArgs = shell.name === 'bash' ? ['--version'] : undefined;
  const version = await detectVersion(shell.path, { packages: [], versionArgs }, env);
  return { ...about, path: shell.path, available: true, ...(version === undefined ? {} : { version }) };
}

function howToInstall(entry: Entry): string {
  return entry.known?.install ?? `Install "${entry.command}", or correct the command of ${entry.name} in the settings.`;
}

function notFound(name: string, names: string[], unconfirmed: readonly string[] = []): TaskError {
  if (unconfirmed.includes(name)) {
    return new TaskError('AgentNotFound', `The agent "${name}" came with this folder and is not confirmed yet.`, {
      next: [operationStep('Review and confirm it', 'agents')],
      details: { known: names, unconfirmed: name },
    });
  }
  return new TaskError('AgentNotFound', `There is no agent "${name}".`, {
    next: [
      textStep(`Use one of ${names.join(', ')}, or configure it under "agents" in .systemprompt/config.json.`),
      operationStep('List the agents', 'agents'),
    ],
    details: { known: names },
  });
}

function notInstalled(entry: Entry): TaskError {
  return new TaskError('AgentUnavailable', `${entry.title} is not installed: "${entry.command}" was not found.`, {
    next: [entry.known === undefined ? textStep(howToInstall(entry)) : shellStep('Install it', entry.known.install)],
    details: { agent: entry.name, command: entry.command },
  });
}
