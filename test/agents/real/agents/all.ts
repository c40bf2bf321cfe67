import type { RealAgent } from './agent.ts';
import { claudeCode } from './claude-code.ts';
import { codex } from './codex.ts';
import { gemini } from './gemini.ts';
import { opencode } from './opencode.ts';

/** The columns of the table. */
export const realAgents: readonly RealAgent[] = [claudeCode, codex, gemini, opencode];
