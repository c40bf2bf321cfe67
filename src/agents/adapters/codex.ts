import type { AgentAdapter } from './adapter.ts';

/** Codex by `codex-acp`. Its mode that asks is a read-only sandbox: whatever leaves the sandbox is requested. */
export const codex: AgentAdapter = {
  tokensCount: 'turn',
  modes: {
    asks: 'read-only',
    loose: ['auto', 'full-access', 'agent', 'agent-full-access', 'workspace-write', 'edit-internal'],
  },
};
