import { type NextStep, shellStep, textStep } from '../core/next-step.ts';
import { type AgentAdapter, plainAdapter } from './adapters/adapter.ts';
import { claude } from './adapters/claude.ts';
import { codex } from './adapters/codex.ts';
import { gemini } from './adapters/gemini.ts';
import { opencode } from './adapters/opencode.ts';

/** An agent that the product knows by name. */
export interface KnownAgent {
  readonly name: string;
  readonly title: string;
  /** The program that speaks the Agent Client Protocol on its standard streams. */
  readonly command: string;
  readonly args: readonly string[];
  /** The steps that install it. */
  readonly install: string;
  /** npm packages of the agent: the version of an installed one is read from its package.json, without running it. */
  readonly packages: readonly string[];
  /** Arguments that print its version, if it is not from npm. Undefined: it has none. */
  readonly versionArgs?: readonly string[] | undefined;
  /** The steps that log in. */
  readonly login: readonly NextStep[];
  /** Everything that is special about the agent. */
  readonly adapter: AgentAdapter;
}

/** The agents known by name, all behind the one protocol adapter. */
export const knownAgents: readonly KnownAgent[] = [
  {
    name: 'CLAUDECODE',
    title: 'Claude Code',
    command: 'claude-agent-acp',
    args: [],
    install: 'npm install -g @agentclientprotocol/claude-agent-acp',
    packages: ['@agentclientprotocol/claude-agent-acp', '@zed-industries/claude-agent-acp'],
    // The adapter comes with its own Claude Code; a program "claude" may not be installed.
    login: [
      shellStep('Log in', 'claude-agent-acp --cli auth login'),
      textStep('Or set ANTHROPIC_API_KEY in the environment.'),
    ],
    adapter: claude,
  },
  {
    name: 'CODEX',
    title: 'Codex',
    command: 'codex-acp',
    args: [],
    install: 'npm install -g @agentclientprotocol/codex-acp',
    packages: ['@agentclientprotocol/codex-acp', '@zed-industries/codex-acp'],
    login: [shellStep('Log in', 'codex login'), textStep('Or set OPENAI_API_KEY in the environment.')],
    adapter: codex,
  },
  {
    name: 'GEMINI',
    title: 'Gemini CLI',
    command: 'gemini',
    args: ['--acp'],
    install: 'npm install -g @google/gemini-cli',
    packages: ['@google/gemini-cli'],
    versionArgs: ['--version'],
    login: [shellStep('Run it once and log in', 'gemini'), textStep('Or set GEMINI_API_KEY in the environment.')],
    adapter: gemini,
  },
  {
    name: 'OPENCODE',
    title: 'OpenCode',
    command: 'opencode',
    args: ['acp'],
    install: 'npm install -g opencode-ai',
    packages: ['opencode-ai'],
    versionArgs: ['--version'],
    login: [shellStep('Log in', 'opencode auth login'), textStep('Or configure a provider in opencode.json.')],
    adapter: opencode,
  },
  {
    name: 'COPILOT',
    title: 'GitHub Copilot CLI',
    command: 'copilot',
    args: ['--acp'],
    install: 'npm install -g @github/copilot',
    packages: ['@github/copilot'],
    versionArgs: ['--version'],
    login: [shellStep('Run it once and enter /login', 'copilot')],
    adapter: plainAdapter,
  },
];

/** The name of the embedded agent that runs a task's text as a script. */
export const SHELL_NAME = 'SHELL';
