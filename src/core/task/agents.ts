/**
 * Agents by name, for the type of `tool`. A program declares the agents of its `config.json` once:
 *
 * @example
 * declare module 'systemprompt-tasks' {
 *   interface Agents { MY_AGENT: true }
 * }
 */
export interface Agents {
  CLAUDECODE: true;
  CODEX: true;
  GEMINI: true;
  OPENCODE: true;
  COPILOT: true;
  SHELL: true;
}

/** The name of an agent. A misspelled name does not compile; `agentName` takes one that is only known at run time. */
export type AITool = keyof Agents & string;
