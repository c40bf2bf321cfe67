/** An environment as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Variables that an agent must not inherit from the worker: it would run as another program, talk to the editor's window,
 * or consider itself part of another agent.
 */
const notInherited = /^(?:ELECTRON_RUN_AS_NODE|ELECTRON_NO_ASAR|VSCODE_.*|CLAUDECODE|CLAUDE_CODE_ENTRYPOINT)$/;

/** The environment of an agent: that of the worker without the variables above, then the additions in order. */
export function agentEnvironment(
  own: Environment,
  ...additions: readonly (Environment | undefined)[]
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(own)) {
    if (value !== undefined && !notInherited.test(name)) env[name] = value;
  }
  for (const [name, value] of additions.flatMap((addition) => Object.entries(addition ?? {}))) {
    if (value !== undefined) env[name] = value;
  }
  return env;
}
