import type { TaskPatch } from '../task/lifecycle.ts';
import type { TaskRecord } from '../task/schema.ts';
import { stepIndex } from '../task/workflow.ts';
import { type Family, withAncestors } from './budget.ts';

/** False for an agent whose cost with a model is never known, so that no cost limit stops it. See `AgentCatalog`. */
export type CountsCost = (agent: string, model: string | undefined) => boolean | undefined;

/** A cost limit that cannot stop a task. */
export interface UncountedLimit {
  /** The agent whose cost is not known. */
  readonly agent: string;
  /** The task whose limit it is: the task itself, or one that it is a part of. */
  readonly owner: TaskRecord;
}

/** The cost limit of a task that its agents cannot count and that no person has accepted. Undefined if there is none. */
export function uncountedLimit(task: TaskRecord, family: Family, countsCost: CountsCost): UncountedLimit | undefined {
  const line = withAncestors(task, family);
  const owner = line.find(({ constraints }) => constraints.max_cost_usd !== undefined);
  if (owner === undefined) return undefined;
  const accepted = new Set(line.flatMap(({ uncounted_agents: agents = [] }) => agents));
  const agent = uncountedAgents(task, countsCost).find((name) => !accepted.has(name));
  return agent === undefined ? undefined : { agent, owner };
}

/** A person accepts that no cost limit stops the agents of a task. */
export function acceptUncounted(task: TaskRecord, family: Family, countsCost: CountsCost): TaskPatch {
  if (uncountedLimit(task, family, countsCost) === undefined) return {};
  const agents = uncountedAgents(task, countsCost);
  return { uncounted_agents: [...new Set([...(task.uncounted_agents ?? []), ...agents])] };
}

/** Agents of the current step and those after it whose cost is never known. */
function uncountedAgents(task: TaskRecord, countsCost: CountsCost): string[] {
  const { tool: agent, assignee: model, workflow } = task;
  const steps = workflow?.slice(stepIndex(task)) ?? [{ agent, model }];
  return steps.filter((step) => countsCost(step.agent, step.model) === false).map((step) => step.agent);
}
