import type { AgentCatalog } from '../../core/agent/catalog.ts';
import { EDITOR_MODEL_NAME } from '../../core/editor-model/name.ts';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { DEFAULT_TOOL } from '../../core/task/create.ts';
import { closest } from '../../core/text/closest.ts';

/** The form of agent names. Models are not written like this, so an unknown name of this form is a typing error. */
const AGENT_LIKE = /^[A-Z][A-Z0-9_]+$/;

/** Shorter names of models are closer to a name of an agent than to a typing error. */
const LEAST_LETTERS = 4;

/** The agent with that name, ignoring case, hyphens and blanks, installed or not; undefined for an unknown name. */
export function agentNamed(agents: AgentCatalog, name: string): string | undefined {
  const bare = name.toUpperCase().replace(/[\s_-]/g, '');
  return [name, name.toUpperCase(), bare].find((candidate) => isKnown(agents, candidate));
}

/** The agent of which a name is the beginning (`claude`) or a typing error (`claudcode`). */
function agentMeant(agents: AgentCatalog, name: string): string | undefined {
  if (name.length < LEAST_LETTERS) return undefined;
  const typed = name.toUpperCase();
  return agents.names.find((agent) => agent.startsWith(typed)) ?? closest(typed, agents.names);
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
  const { assignedTo } = wanted;
  const agent = assignedTo === undefined ? undefined : agentNamed(agents, assignedTo);
  if (assignedTo === undefined) return tool === undefined ? {} : { tool };
  if (agent === undefined) {
    if (AGENT_LIKE.test(assignedTo)) missing(agents, assignedTo);
    // With an agent next to it, the name can only be a model.
    const meant = tool === undefined ? agentMeant(agents, assignedTo) : undefined;
    if (meant !== undefined) throw ambiguous(assignedTo, meant);
    return { ...(tool === undefined ? {} : { tool }), assignee: assignedTo };
  }
  if (tool !== undefined && tool !== agent) {
    throw new TaskError('InvalidInput', `The task cannot be for ${tool} and for ${agent}.`, {
      next: [textStep('Name one agent; next to it, a model can be assigned.')],
    });
  }
  return { tool: agent };
}

const makers: readonly (readonly [model: RegExp, agent: string])[] = [
  [/^claude/i, 'CLAUDECODE'],
  [/^(?:gpt|codex|o\d)/i, 'CODEX'],
  [/^gemini/i, 'GEMINI'],
];

/** The agent for a model that a task names without an agent: that of its maker, or the default one. */
export function agentOfModel(model: string): string {
  return makers.find(([pattern]) => pattern.test(model))?.[1] ?? DEFAULT_TOOL;
}

/**
 * Refuses to queue work for a missing agent, so that the error appears now and not in a failed task.
 *
 * @throws TaskError `AgentNotFound`, or `AgentUnavailable` with the installation and the installed agents
 */
export async function requireAvailable(agents: AgentCatalog, names: Iterable<string>): Promise<void> {
  for (const name of new Set(names)) {
    const error = agents.unavailable(name);
    // A task for models of an editor waits for a window.
    if (error === undefined || name === EDITOR_MODEL_NAME) continue;
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

function ambiguous(name: string, meant: string): TaskError {
  return new TaskError('AgentNotFound', `There is no agent "${name}".`, {
    next: [textStep(`Did you mean "${meant}"?`), textStep('If it is a model, name its agent as well.')],
  });
}

/** Throws the catalogue's own error, which names the known agents. */
function missing(agents: AgentCatalog, name: string): never {
  throw agents.unavailable(name) ?? new TaskError('AgentNotFound', `There is no agent "${name}".`);
}
