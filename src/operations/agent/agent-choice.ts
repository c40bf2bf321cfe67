import type { AgentCatalog } from '../../core/agent/catalog.ts';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';

/** The form of agent names. Models are not written like this, so an unknown name of this form is a typing error. */
const AGENT_LIKE = /^[A-Z][A-Z0-9_]+$/;

/** The agent with that name, ignoring case, installed or not; undefined for an unknown name. */
export function agentNamed(agents: AgentCatalog, name: string): string | undefined {
  return [name, name.toUpperCase()].find((candidate) => isKnown(agents, candidate));
}

/** True for `auto`, which lets the product choose the agent. */
export function isAuto(assignedTo: string | null | undefined): boolean {
  return assignedTo?.toLowerCase() === 'auto';
}

export interface AgentChoice {
  readonly tool?: string;
  /** A model for the agent. */
  readonly assignee?: string;
}

/**
 * Combines `--assigned-to` and `--tool`: the name of an agent selects the agent, any other name is a model for it.
 *
 * @throws TaskError `AgentNotFound` naming the known ones
 */
export function chooseAgent(
  agents: AgentCatalog,
  wanted: { readonly tool?: string | undefined; readonly assignedTo?: string | undefined },
): AgentChoice {
  const tool =
    wanted.tool === undefined ? undefined : (agentNamed(agents, wanted.tool) ?? missing(agents, wanted.tool));
  const assignedTo = isAuto(wanted.assignedTo) ? undefined : wanted.assignedTo;
  const agent = assignedTo === undefined ? undefined : agentNamed(agents, assignedTo);
  if (assignedTo === undefined) return tool === undefined ? {} : { tool };
  if (agent === undefined) {
    if (AGENT_LIKE.test(assignedTo)) missing(agents, assignedTo);
    return { ...(tool === undefined ? {} : { tool }), assignee: assignedTo };
  }
  if (tool !== undefined && tool !== agent) {
    throw new TaskError('InvalidInput', `The task cannot be for ${tool} and for ${agent}.`, {
      next: [textStep('Name one agent; next to it, a model can be assigned.')],
    });
  }
  return { tool: agent };
}

/**
 * Refuses to queue work for an agent that is not there, so that a person learns it now and not from a failed task.
 *
 * @throws TaskError `AgentNotFound`, or `AgentUnavailable` with how to get it and which ones are there
 */
export async function requireAvailable(agents: AgentCatalog, names: Iterable<string>): Promise<void> {
  for (const name of new Set(names)) {
    const error = agents.unavailable(name);
    if (error === undefined) continue;
    throw error.code === 'AgentUnavailable' ? await withAlternatives(error, agents) : error;
  }
}

async function withAlternatives(error: TaskError, agents: AgentCatalog): Promise<TaskError> {
  const available = (await agents.list()).filter((agent) => agent.available).map((agent) => agent.name);
  const others =
    available.length === 0
      ? textStep('No agent is installed here.')
      : textStep(`Or use an agent that is installed: ${available.join(', ')}.`);
  return new TaskError('AgentUnavailable', error.message, {
    next: [...error.next, others],
    cause: error,
    details: { ...error.details, available },
  });
}

function isKnown(agents: AgentCatalog, name: string): boolean {
  return agents.unavailable(name)?.code !== 'AgentNotFound';
}

/** Throws the catalogue's own error, which names the known agents. */
function missing(agents: AgentCatalog, name: string): never {
  throw agents.unavailable(name) ?? new TaskError('AgentNotFound', `There is no agent "${name}".`);
}
