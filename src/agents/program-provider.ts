import type { AgentCapabilities, AgentInfo, AgentProvider } from '../core/agent/catalog.ts';
import type { Agent } from '../core/agent/port.ts';
import { TaskError } from '../core/errors.ts';
import { shellStep, textStep } from '../core/next-step.ts';
import type { TokensCount } from './acp/accounting.ts';
import { lazyAcpAgent } from './acp/lazy.ts';
import type { AgentsConfig } from './config.ts';
import { detectVersion } from './detect.ts';
import type { Environment } from './environment.ts';
import { findProgram } from './find-program.ts';
import { type KnownAgent, knownAgents } from './known.ts';
import type { Launcher } from './launcher.ts';

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

export interface ProgramProviderOptions {
  /** Configured agents; a known name replaces the known agent. */
  readonly configured: AgentsConfig;
  /** The folder that relative commands of configured agents start from. */
  readonly folder?: string | undefined;
  /** The environment to search and to start programs with. */
  readonly env: Environment;
  readonly launcher: Launcher;
  /** Milliseconds until an agent must accept its first prompt. Default: 60,000. */
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
      tokensCount: entry.tokensCount ?? entry.known?.tokensCount,
      writesItself: entry.known?.writesItself,
      native: entry.known?.native,
      startTimeoutMs,
    });
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
    const { name, title, known } = entry;
    const about = { name, title, kind: 'acp' as const, capabilities: capabilitiesOf(entry) };
    const path = this.pathOf(entry);
    if (path === undefined) return { ...about, available: false, install: howToInstall(entry) };
    // A configured program runs only for tasks: it may not support `--version`.
    const version =
      known === undefined ? undefined : await detectVersion(path, { agent: name, ...known }, this.options);
    return { ...about, path, available: true, ...(version === undefined ? {} : { version }) };
  }
}

function entriesOf(configured: AgentsConfig): Map<string, Entry> {
  const entries = new Map<string, Entry>(knownAgents.map((known) => [known.name, { ...known, known }]));
  for (const [name, { command, args = [], env, title = name, tokens }] of Object.entries(configured)) {
    entries.set(name, { name, title, command, args, env, tokensCount: tokens });
  }
  return entries;
}

/** Resuming, models and spend depend on the version of a program, which reports them when it opens a session. */
function capabilitiesOf({ known }: Entry): AgentCapabilities {
  return { asks: true, follow_ups: true, tool_limits: known?.native !== undefined };
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
