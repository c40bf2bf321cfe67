import { fileURLToPath } from 'node:url';
import { createAcpAgent } from '../../src/agents/acp/agent.ts';
import type { AcpAgentOptions } from '../../src/agents/acp/options.ts';
import { plainLauncher } from '../../src/agents/launcher.ts';
import type { Agent } from '../../src/core/agent/port.ts';

/** The real adapter with one of `test/fakes/agents` as the child process behind it. */
export function fakeAgent(name: string, args: readonly string[] = [], options: Partial<AcpAgentOptions> = {}): Agent {
  return createAcpAgent({
    name: 'FAKE',
    title: 'The fake agent',
    command: process.execPath,
    args: [fakeAgentPath(name), ...args],
    env: process.env,
    launcher: plainLauncher,
    startTimeoutMs: 30_000,
    cancelGraceMs: 500,
    ...options,
  });
}

/** The path of a fake agent's program, to be run by `process.execPath`. */
export function fakeAgentPath(name: string): string {
  return fileURLToPath(new URL(`../fakes/agents/${name}.ts`, import.meta.url));
}
