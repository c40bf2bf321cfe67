import { sourceOf } from '../../core/plan/match.ts';
import { type Plan, type PlanItem, planLimits } from '../../core/plan/plan.ts';
import { newStepSchema } from '../../core/task/new-step-schema.ts';
import type { Constraints, TaskRecord, WorkflowStep } from '../../core/task/schema.ts';

/**
 * The plan that creates the same tasks again. Runs, logs and history are no part of a plan; a status that a plan does not have
 * becomes pending and is kept in the metadata.
 */
export function planOfTasks(tasks: readonly TaskRecord[]): Plan {
  const keys = keysOf(tasks);
  const children = new Map<string | undefined, TaskRecord[]>();
  for (const task of tasks) {
    const parent = task.parent_id !== undefined && keys.has(task.parent_id) ? task.parent_id : undefined;
    children.set(parent, [...(children.get(parent) ?? []), task]);
  }
  const itemsIn = (parent: string | undefined, depth: number): PlanItem[] =>
    (depth < planLimits.depth ? (children.get(parent) ?? []) : []).map((task) =>
      itemOf(task, keys, itemsIn(task.id, depth + 1)),
    );
  const projects = new Set(tasks.map(({ project }) => project));
  const [project] = projects;
  return { ...(projects.size === 1 && project !== undefined ? { project } : {}), items: itemsIn(undefined, 0) };
}

/** The key of the plan that a task came from if it is unique, its number otherwise. */
function keysOf(tasks: readonly TaskRecord[]): Map<string, string> {
  const own = (task: TaskRecord): string => {
    const { plan_key: key } = task.metadata as { plan_key?: unknown };
    return typeof key === 'string' && key.trim() !== '' ? key.slice(0, planLimits.keyChars) : String(task.number);
  };
  const counts = new Map<string, number>();
  for (const task of tasks) counts.set(own(task), (counts.get(own(task)) ?? 0) + 1);
  return new Map(tasks.map((task) => [task.id, counts.get(own(task)) === 1 ? own(task) : `#${task.number}`]));
}

function itemOf(task: TaskRecord, keys: ReadonlyMap<string, string>, children: PlanItem[]): PlanItem {
  const { plan_key: _, source: __, ...metadata } = task.metadata;
  const place = sourceOf(task);
  const { status } = task;
  const isPlanned = status === 'completed' || status === 'cancelled' || status === 'paused';
  const kept = isPlanned || status === 'pending' ? metadata : { ...metadata, exported_status: status };
  const dependsOn = task.depends_on.flatMap((id) => keys.get(id) ?? []);
  const constraints = withoutDecider(task.constraints);
  return {
    key: keys.get(task.id) ?? String(task.number),
    kind: task.kind,
    title: task.title,
    ...(task.description === task.title ? {} : { description: task.description }),
    ...(task.instructions === undefined ? {} : { instructions: task.instructions }),
    priority: task.priority,
    agent: task.tool,
    ...(task.workflow === undefined ? {} : { workflow: task.workflow.map(newStepOf) }),
    ...(task.checks === undefined ? {} : { checks: [...task.checks] }),
    ...(task.labels.length === 0 ? {} : { labels: [...task.labels] }),
    ...(Object.keys(constraints).length === 0 ? {} : { constraints }),
    ...(task.acceptance_criteria.length === 0 ? {} : { acceptance: [...task.acceptance_criteria] }),
    ...(task.approval?.required === true ? { requiresApproval: true } : {}),
    ...(isPlanned ? { status } : {}),
    ...(dependsOn.length === 0 ? {} : { dependsOn }),
    ...(Object.keys(kept).length === 0 ? {} : { metadata: kept }),
    ...(place?.id === undefined ? {} : { source: { id: place.id } }),
    ...(children.length === 0 ? {} : { children }),
  };
}

/** The fields that a new phase can have; a newer version may have stored others. */
function newStepOf({ constraints, ...step }: WorkflowStep): NonNullable<PlanItem['workflow']>[number] {
  const known = Object.entries(step).filter(([key]) => Object.hasOwn(newStepSchema.shape, key));
  return {
    ...(Object.fromEntries(known) as Pick<WorkflowStep, 'agent' | 'phase'>),
    ...(constraints === undefined ? {} : { constraints: withoutDecider(constraints) }),
  };
}

/** The decider of an agent's requests is chosen where the tasks run. */
function withoutDecider({ approvals: _, ...constraints }: Constraints): Omit<Constraints, 'approvals'> {
  return constraints;
}
