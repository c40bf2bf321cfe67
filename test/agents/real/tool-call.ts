/** A call of a tool by its meaning; each agent's adapter knows its own name and arguments for it. Paths are relative. */
export type ToolCall =
  | { readonly kind: 'write'; readonly path: string; readonly content: string }
  | { readonly kind: 'run'; readonly command: string }
  | { readonly kind: 'read'; readonly path: string }
  | { readonly kind: 'plan'; readonly steps: readonly { readonly text: string; readonly status: PlanStatus }[] }
  | { readonly kind: 'ask'; readonly question: string; readonly options: readonly string[] };

export type PlanStatus = 'pending' | 'in_progress' | 'completed';
