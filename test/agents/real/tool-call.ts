import type { OwnTool } from '../../../src/core/agent/own-tools.ts';

/** A call of a tool by its meaning; each agent's adapter knows its own name and arguments for it. Paths are relative. */
export type ToolCall =
  | { readonly kind: 'write'; readonly path: string; readonly content: string }
  | { readonly kind: 'run'; readonly command: string }
  | { readonly kind: 'read'; readonly path: string }
  | { readonly kind: 'plan'; readonly steps: readonly { readonly text: string; readonly status: PlanStatus }[] }
  | { readonly kind: 'ask'; readonly question: string; readonly options: readonly string[] }
  | OwnCall;

/** A call of a tool for the own task; its name is the one that the request offers. */
export interface OwnCall {
  readonly kind: 'own';
  readonly tool: OwnTool;
  readonly input: Readonly<Record<string, unknown>>;
}

/** A call of a tool that the agent brings itself. */
export type AgentCall = Exclude<ToolCall, OwnCall>;

export type PlanStatus = 'pending' | 'in_progress' | 'completed';
