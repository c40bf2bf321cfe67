import type { AgentAdapter } from './adapter.ts';

/** Codex by `codex-acp`. Its ask mode is a read-only sandbox: every action outside the sandbox is requested. */
export const codex: AgentAdapter = {
  tokensCount: 'turn',
  record: async (place) => (await import('../records/codex.ts')).codexRecord(place),
  reportsUsage: true,
  reportsCost: false,
  keyMethods: [{ id: 'api-key', variables: ['CODEX_API_KEY', 'OPENAI_API_KEY'] }],
  // Without `sessionFailure`, a failed model call is an ordinary message and the turn ends normally. The extension would
  // leave out the output of commands, so that this is requested, too.
  clientMeta: {
    jetbrains: { air: { version: 1, capabilities: ['sessionFailure'] } },
    terminal_output_delta: true,
  },
  // A call of the model after each turn, for a suggestion that no person would see.
  env: () => ({ CODEX_ACP_PROMPT_SUGGESTIONS: 'false' }),
  modes: {
    asks: 'read-only',
    loose: ['auto', 'full-access', 'agent', 'agent-full-access', 'workspace-write', 'edit-internal'],
  },
};
