import { randomUUID } from 'node:crypto';
import type { Agent, AgentClient, AgentRequest, AgentSession } from '../../core/agent/port.ts';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { agentEnvironment, type Environment } from '../environment.ts';
import { guardClient } from '../guarded-client.ts';
import type { Launcher } from '../launcher.ts';
import { findInterpreter } from './interpreter.ts';
import { ShellSession } from './session.ts';

export interface ShellAgentOptions {
  /** Starts the interpreter. */
  readonly launcher: Launcher;
  readonly name?: string;
  /** The base environment. Default: that of the process. */
  readonly env?: Environment;
}

/**
 * The embedded agent: runs a task's text as a script, without any account. Its exit code or signal is the outcome;
 * a line `::progress 40` on its standard output reports progress.
 */
export function createShellAgent({ launcher, name = 'SHELL', env = process.env }: ShellAgentOptions): Agent {
  return {
    name,
    async open(request: AgentRequest, client: AgentClient): Promise<AgentSession> {
      const environment = agentEnvironment(env, request.env);
      const interpreter = findInterpreter(environment);
      if (interpreter === undefined) {
        throw new TaskError('AgentUnavailable', 'There is no shell to run the script with.', {
          next: [textStep('Install bash or sh, and check PATH.')],
        });
      }
      return new ShellSession({
        id: `shell-${randomUUID()}`,
        agent: name,
        launcher,
        request,
        env: environment,
        interpreter,
        client: guardClient(client, environment),
      });
    },
  };
}
