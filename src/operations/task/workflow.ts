import { z } from 'zod';
import type { AgentCatalog } from '../../core/agent/catalog.ts';
import { DEFAULT_TOOL, parseInput } from '../../core/task/create.ts';
import { newStepsSchema } from '../../core/task/new-step-schema.ts';
import { limits, type WorkflowStep } from '../../core/task/schema.ts';
import { readWorkflow } from '../../formats/workflow-text.ts';
import { agentOfModel, chooseAgent } from '../agent/agent-choice.ts';
import { requireScript } from './require-script.ts';

/** Phases with their agents, in the order in which they run. */
export const workflowField = z
  .union([z.string().max(limits.textChars), newStepsSchema])
  .meta({ value: 'phases', text: true })
  .describe('Phases that run one after the other, each with its own agent: design:CLAUDECODE,review:GEMINI.');

export const checksField = z
  .array(z.string().trim().min(1).max(limits.checkChars))
  .max(limits.checks)
  .meta({ value: 'command' })
  .describe('Commands that must succeed before the task is completed; a failure goes back to the agent.');

/**
 * The steps of a workflow with known agents. A name that is no agent is a model, for the agent of its maker.
 *
 * @throws TaskError `InvalidInput` or `AgentNotFound`
 */
export function stepsOf(agents: AgentCatalog, given: z.output<typeof workflowField>): WorkflowStep[] {
  const workflow = typeof given === 'string' ? readWorkflow(given) : given;
  return parseInput(z.strictObject({ workflow: newStepsSchema }), { workflow }).workflow.map((step) => {
    const { tool, assignee } = chooseAgent(agents, { assignedTo: step.agent });
    const model = step.model ?? assignee;
    return { ...step, agent: tool ?? agentOfModel(step.agent), ...(model === undefined ? {} : { model }) };
  });
}

/** The agents of a new task, in the order of its steps. */
export function agentsOf({
  workflow,
  tool,
}: {
  workflow?: readonly WorkflowStep[] | undefined;
  tool?: string | undefined;
}): string[] {
  return workflow?.map(({ agent }) => agent) ?? [tool ?? DEFAULT_TOOL];
}

/** @throws TaskError `InvalidInput` for a phase of the shell without a script */
export function requireScripts(steps: readonly WorkflowStep[]): void {
  for (const { agent, instructions } of steps) requireScript({ tool: agent, instructions });
}
