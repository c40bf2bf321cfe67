import { z } from 'zod';
import type { AgentMatch, Unfit } from '../core/assess/match.ts';
import { type TaskType, taskTypes } from '../core/assess/task-type.ts';
import { parseInput } from '../core/task/create.ts';
import { bestAgentFor, matchesFor } from '../operations/agent/match.ts';
import { WithContext } from './context-source.ts';

/** Requirements of a task on its agent. */
export interface AgentRequirements {
  /** Default: `general`. */
  readonly taskType?: TaskType | undefined;
  /** 0 to 1. Default: 0.5. */
  readonly complexity?: number | undefined;
  /** Kinds of tools that the task may use. Default: no limit. */
  readonly requiredTools?: readonly string[] | undefined;
  /** False if the agent may decide without asking a person. Default: true. */
  readonly asks?: boolean | undefined;
}

const requirementsSchema = z.strictObject({
  taskType: z.enum(taskTypes).default('general'),
  complexity: z.number().min(0).max(1).default(0.5),
  requiredTools: z.array(z.string()).default([]),
  asks: z.boolean().default(true),
});

/**
 * Chooses agents for tasks: by their abilities, by what is installed, and by the outcomes of similar tasks in the folder.
 *
 * @example
 * const matcher = new AgentMatcher();
 * const agent = await matcher.findBestAgent({ taskType: 'bugfix', requiredTools: ['file_operations'], complexity: 0.4 });
 */
export class AgentMatcher extends WithContext {
  /**
   * The name of the best agent.
   *
   * @throws TaskError `AgentUnavailable` if no agent on this machine fits, `InvalidInput` for a wrong requirement
   */
  async findBestAgent(requirements: AgentRequirements = {}): Promise<string> {
    return bestAgentFor(await this.context(), parseInput(requirementsSchema, requirements));
  }

  /**
   * The fitting agents with score and reasons, the best first, and the others with the reason.
   *
   * @throws TaskError `InvalidInput` for a wrong requirement
   */
  async rankAgents(requirements: AgentRequirements = {}): Promise<{ matches: AgentMatch[]; unfit: Unfit[] }> {
    return matchesFor(await this.context(), parseInput(requirementsSchema, requirements));
  }
}
