import type { AgentInfo, AgentProvider } from '../../core/agent/catalog.ts';
import type { Agent } from '../../core/agent/port.ts';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import type { Environment } from '../environment.ts';
import { SHELL_NAME } from '../known.ts';
import type { Launcher } from '../launcher.ts';
import { findInterpreter } from './interpreter.ts';

const capabilities = {
  asks: false,
  follow_ups: false,
  resumes: false,
  models: false,
  usage: false,
  cost: false,
  tool_limits: false,
};

/** The embedded agent for scripts, wherever there is a shell. */
export class ShellProvider implements AgentProvider {
  readonly names = [SHELL_NAME];
  private readonly options: { readonly env: Environment; readonly launcher: Launcher };

  constructor(options: { readonly env: Environment; readonly launcher: Launcher }) {
    this.options = options;
  }

  async list(): Promise<AgentInfo[]> {
    const about = { name: SHELL_NAME, title: 'Shell script', kind: 'shell' as const, capabilities };
    const shell = findInterpreter(this.options.env);
    if (shell === undefined) return [{ ...about, available: false, install: 'Install bash or sh.' }];
    const versionArgs = shell.name === 'bash' ? ['--version'] : undefined;
    const { detectVersion } = await import('../detect.ts');
    const version = await detectVersion(shell.path, { agent: SHELL_NAME, packages: [], versionArgs }, this.options);
    return [{ ...about, path: shell.path, available: true, ...(version === undefined ? {} : { version }) }];
  }

  unavailable(): TaskError | undefined {
    return findInterpreter(this.options.env) === undefined ? noShell() : undefined;
  }

  /** An agent whose code loads on first use, because most processes only list it. */
  get(): Agent {
    return {
      name: SHELL_NAME,
      open: async (request, client) => {
        const { createShellAgent } = await import('./agent.ts');
        return await createShellAgent(this.options).open(request, client);
      },
    };
  }
}

/** The reason why no script can run. */
function noShell(): TaskError {
  return new TaskError('AgentUnavailable', 'There is no shell to run the script with.', {
    next: [textStep('Install bash or sh, and check PATH.')],
  });
}
