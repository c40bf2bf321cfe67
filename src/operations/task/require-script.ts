import { TaskError } from '../../core/errors.ts';
import { operationStep, textStep } from '../../core/next-step.ts';
import { chooseAgent, requireAvailable } from '../agent/agent-choice.ts';
import type { WithAgents } from '../context.ts';

/**
 * The agent with that name, for a task whose description is its prompt: a script cannot read it.
 *
 * @throws TaskError `AgentNotFound`, `AgentUnavailable`, or `InvalidInput` for a script
 */
export async function requirePromptAgent({ agents }: WithAgents, name: string): Promise<string> {
  const { tool = name } = chooseAgent(agents, { tool: name });
  if (tool === 'SHELL') {
    throw new TaskError('InvalidInput', 'SHELL runs scripts and reads no prompt.', {
      next: [operationStep('Name another agent', 'agents')],
    });
  }
  await requireAvailable(agents, [tool]);
  return tool;
}

/**
 * Refuses to queue a script task without a script: it would only fail later.
 *
 * @param existing the number of the task, if it exists already
 * @throws TaskError `InvalidInput`
 */
export function requireScript(
  { tool, instructions }: { tool?: string | undefined; instructions?: string | undefined },
  existing?: number,
): void {
  if (tool !== 'SHELL' || (instructions?.trim() ?? '') !== '') return;
  throw new TaskError('InvalidInput', 'A task for SHELL has nothing to run without instructions.', {
    next:
      existing === undefined
        ? [textStep('Give it a script as its instructions, or create it without starting it.')]
        : [operationStep('Add its script', 'task.update', { task: existing }, ['instructions'])],
  });
}
