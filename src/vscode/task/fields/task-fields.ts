import type { TaskRecord } from '../../../core/task/schema.ts';
import type { TaskUpdate } from '../update-task.ts';

/** The fields that a person sets with a picker, by the names that the operations use. Null: no value of its own. */
export interface TaskFields {
  readonly tool: string;
  readonly assignedTo: string | null;
  readonly priority: TaskRecord['priority'];
  readonly project: string | null;
  readonly label: readonly string[];
  readonly parentTask: string | null;
  readonly dependsOn: readonly string[];
  readonly budgetTokens: number | null;
  readonly budgetCost: number | null;
  readonly budgetMinutes: number | null;
  readonly maxIterations: number | null;
  readonly allowedTools: readonly string[] | null;
  readonly approvals: NonNullable<TaskRecord['constraints']['approvals']> | null;
  readonly requiresApproval: boolean;
  readonly review: TaskRecord['review'];
  readonly isolation: NonNullable<TaskRecord['isolation']> | null;
  readonly onComplete: NonNullable<TaskRecord['on_complete']> | null;
  readonly checkpointMinutes: number | null;
}

export type FieldChange = Partial<TaskFields>;

export function fieldsOf(task: TaskRecord): TaskFields {
  const { constraints } = task;
  return {
    tool: task.tool,
    assignedTo: task.assignee ?? null,
    priority: task.priority,
    project: task.project ?? null,
    label: task.labels,
    parentTask: task.parent_id ?? null,
    dependsOn: task.depends_on,
    budgetTokens: constraints.max_tokens ?? null,
    budgetCost: constraints.max_cost_usd ?? null,
    budgetMinutes: constraints.max_duration_minutes ?? null,
    maxIterations: constraints.max_iterations ?? null,
    allowedTools: constraints.allowed_tools ?? null,
    approvals: constraints.approvals ?? null,
    requiresApproval: task.approval?.required === true,
    review: task.review,
    isolation: task.isolation ?? null,
    onComplete: task.on_complete ?? null,
    checkpointMinutes: task.checkpoint_minutes ?? null,
  };
}

/** The first field of a change whose value is no longer the one that the change started from. */
export function changedMeanwhile(
  before: TaskFields,
  now: TaskFields,
  change: FieldChange,
): keyof TaskFields | undefined {
  const names = Object.keys(change) as (keyof TaskFields)[];
  return names.find((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]));
}

/** A change as the input of `task.update`. */
export function updateInput(change: FieldChange): TaskUpdate {
  const { label, dependsOn, allowedTools, ...others } = change;
  return {
    ...others,
    ...(label === undefined ? {} : { label: [...label] }),
    ...(dependsOn === undefined ? {} : { dependsOn: [...dependsOn] }),
    ...(allowedTools === undefined ? {} : { allowedTools: allowedTools === null ? null : [...allowedTools] }),
  };
}
