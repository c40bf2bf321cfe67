import type { AITool } from './agents.ts';
import { parseInput } from './create.ts';
import { aiToolSchema } from './schema.ts';

/**
 * Takes the name of an agent that is only known at run time, for the type of `tool`.
 *
 * @throws TaskError `InvalidInput` if no agent can have this name
 */
export function agentName(name: string): AITool {
  return parseInput(aiToolSchema, name) as AITool;
}
