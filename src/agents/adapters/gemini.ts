import type { AgentAdapter } from './adapter.ts';

/** Gemini CLI by `gemini --acp`. */
export const gemini: AgentAdapter = {
  tokensCount: 'turn',
  reportsUsage: true,
  modes: { asks: 'default', loose: ['autoEdit', 'yolo'] },
};
