import { basename, extname } from 'node:path';
import type { AgentCapabilities, AgentInfo, AgentProvider } from '../core/agent/catalog.ts';
import type { Agent } from '../core/agent/port.ts';
import { TaskError } from '../core/errors.ts';
import { shellStep, textStep } from '../core/next-step.ts';
import { type ApprovalsMode, DEFAULT_APPROVALS } from '../core/task/approvals-mode.ts';
import type { Usage } from '../core/task/schema.ts';
import { lazyAcpAgent } from './acp/lazy.ts';
import { type AgentAdapter, plainAdapter } from './adapters/adapter.ts';
import type { AgentsConfig } from './config.ts';
import type { Environment } from './environment.ts';
import { findProgram } from './find-program.ts';
import { type KnownAgent, knownAgents } from './known.ts';
import type { Launcher } from './launcher.ts';
import { defaultPrice, type Prices, priceOf, withEstimate } from './price.ts';
import { spentOf } from './records/spent.ts';

/** The place of an agent's program and its arguments. */
interface Entry {
  readonly name: string;
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Environment | undefined;
  readonly known?: KnownAgent | undefined;
  readonly adapter: AgentAdapter;
  readonly approvals?: ApprovalsMode | undefined;
  readonly startTimeoutMs?: number | undefined;
  readonly prices?: Prices | undefined;
}

export interface ProgramProviderOptions {
  /** Configured agents; a known name extends the known agent. */
  readonly configured: AgentsConfig;
  /** The folder that relative commands of configured agents start from. */
  readonly folder?: string | undefined;
  /** The environment to search and to start programs with. */
  readonly env: Environment;
  readonly launcher: Launcher;
  /** Milliseconds until an agent must accept its first prompt, instead of the configured ones. */
  readonly startTimeoutMs?: number | undefined;
}

/** Known and configured agents: programs that speak the Agent Client Protocol. */
export class ProgramProvider implements AgentProvider {
  readonly names: readonly string[];
  private readonly options: ProgramProviderOptions;
  private readonly entries: ReadonlyMap<string, Entry>;

  constructor(options: ProgramProviderOptions) {
    this.options = options;
    this.entries = entriesOf(options.configured);
    this.names = [...this.entries.keys()];
  }

  list(): Promise<AgentInfo[]> {
    return Promise.all([...this.entries.values()].map((entry) => this.detect(entry)));
  }

  unavailable(name: string): TaskError | undefined {
    const entry = this.entry(name);
    return this.pathOf(entry) === undefined ? notInstalled(entry) : undefined;
  }

  get(name: string): Agent {
    const entry = this.entry(name);
    const path = this.pathOf(entry);
    if (path === undefined) throw notInstalled(entry);
    const { env, launcher, startTimeoutMs } = this.options;
    return lazyAcpAgent({
      name,
      title: entry.title,
      command: path,
      args: entry.args,
      env: { ...env, ...entry.env },
      launcher,
      login: entry.known?.login,
      adapter: entry.adapter,
      approvals: entry.approvals,
      startTimeoutMs: startTimeoutMs ?? entry.startTimeoutMs,
      prices: entry.prices,
    });
  }

  countsCost(name: string, model: string | undefined): boolean | undefined {
    const entry = this.entries.get(name);
    return priceOf(entry?.prices, model) === undefined ? entry?.adapter.reportsCost : true;
  }

  async spent(name: string, sessionId: string, model: string | undefined): Promise<Usage | undefined> {
    const { adapter, env, prices } = this.entry(name);
    const usage = await spentOf(adapter, { sessionId, env: { ...this.options.env, ...env } });
    return usage === undefined ? undefined : withEstimate(usage, priceOf(prices, model));
  }

  private entry(name: string): Entry {
    const entry = this.entries.get(name);
    if (entry === undefined) throw new TaskError('AgentNotFound', `There is no agent "${name}".`);
    return entry;
  }

  private pathOf({ command }: Entry): string | undefined {
    return findProgram(command, this.options.env, this.options.folder);
  }

  private async detect(entry: Entry): Promise<AgentInfo> {
    const { name, title, approvals = DEFAULT_APPROVALS } = entry;
    const price = defaultPrice(entry.prices);
    const about = {
      name,
      title,
      kind: 'acp' as const,
      capabilities: capabilitiesOf(entry),
      approvals,
      ...(price === undefined ? {} : { price }),
    };
    const path = this.pathOf(entry);
    if (path === undefined) return { ...about, available: false, install: howToInstall(entry) };
    const version = await this.versionOf(entry, path);
    return { ...about, path, available: true, ...(version === undefined ? {} : { version }) };
  }

  /** Runs only a program with the known agent's name: another one may not support the known arguments. */
  private async versionOf({ name, known, command }: Entry, path: string): Promise<string | undefined> {
    if (known === undefined) return undefined;
    const versionArgs = basename(command, extname(command)) === known.command ? known.versionArgs : undefined;
    const { detectVersion } = await import('./detect.ts');
    return await detectVersion(path, { agent: name, packages: known.packages, versionArgs }, this.options);
  }
}

function entriesOf(configured: AgentsConfig): Map<string, Entry> {
  const entries = new Map<string, Entry>(knownAgents.map((known) => [known.name, { ...known, known }]));
  for (const [name, entry] of Object.entries(configured)) entries.set(name, configuredEntry(name, entry));
  return entries;
}

/** The known agent of that name, or the one that the entry extends, with the entry's own values over it. */
function configuredEntry(name: string, configured: AgentsConfig[string]): Entry {
  const base = configured.extends ?? name;
  const known = knownAgents.find((agent) => agent.name === base);
  if (known === undefined && configured.extends !== undefined) {
    throw new TaskError('InvalidInput', `agents.${name}.extends: "${base}" is not a known agent.`, {
      next: [textStep(`Use one of ${knownAgents.map((agent) => agent.name).join(', ')}.`)],
    });
  }
  const command = configured.command ?? known?.command;
  if (command === undefined) {
    throw new TaskError('InvalidInput', `The configured agents are not right: agents.${name}.command is missing.`, {
      next: [textStep('Name its executable.')],
    });
  }
  const { env, tokens, approvals, authMethod, startSeconds, prices } = configured;
  const adapter = {
    ...(known?.adapter ?? plainAdapter),
    ...(tokens === undefined ? {} : { tokensCount: tokens }),
    ...(authMethod === undefined ? {} : { keyMethods: [{ id: authMethod }] }),
  };
  return {
    name,
    title: configured.title ?? (known?.name === name ? known.title : name),
    command,
    args: configured.args ?? known?.args ?? [],
    env,
    known,
    adapter,
    approvals,
    startTimeoutMs: startSeconds === undefined ? undefined : startSeconds * 1_000,
    prices,
  };
}

/** Resuming, models and spend depend on the version of a program, which reports them when it opens a session. */
function capabilitiesOf({ adapter }: Entry): AgentCapabilities {
  const limitSupport = adapter.env ?? adapter.meta ?? adapter.modes;
  const cost = adapter.reportsCost === undefined ? {} : { cost: adapter.reportsCost };
  return { asks: true, follow_ups: true, tool_limits: limitSupport !== undefined, ...cost };
}

function howToInstall({ known, name, command }: Entry): string {
  return known?.install ?? `Install "${command}", or correct the command of ${name} in the settings.`;
}

function notInstalled(entry: Entry): TaskError {
  return new TaskError('AgentUnavailable', `${entry.title} is not installed: "${entry.command}" was not found.`, {
    next: [entry.known === undefined ? textStep(howToInstall(entry)) : shellStep('Install it', entry.known.install)],
    details: { agent: entry.name, command: entry.command },
  });
}
