import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import type { Task, TaskStatus, TaskSummary } from '../../core/task/schema.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { runOperation } from '../operation.ts';
import { taskCreate } from '../task/create.ts';
import { taskList } from '../task/list.ts';
import { projectNamed } from '../task/project-tasks.ts';
import { taskStart } from '../task/start.ts';
import { taskUpdate } from '../task/update.ts';
import { Checkpoints } from './checkpoints.ts';

type Reference = string | number;

export const TaskPriority = { CRITICAL: 'critical', HIGH: 'high', MEDIUM: 'medium', LOW: 'low' } as const;
export type TaskPriority = (typeof TaskPriority)[keyof typeof TaskPriority];

/** What a task may spend and use; what is not named is not limited. */
export interface ResourceLimits {
  readonly maxTokens?: number | undefined;
  readonly maxDurationMinutes?: number | undefined;
  readonly maxCostUsd?: number | undefined;
  readonly maxIterations?: number | undefined;
  /** Kinds of tools, such as `file_operations:read`. */
  readonly allowedTools?: readonly string[] | undefined;
}

/** {@link ResourceLimits} as an object that is made once and given to several tasks. */
export class ResourceConstraints implements ResourceLimits {
  readonly maxTokens: number | undefined;
  readonly maxDurationMinutes: number | undefined;
  readonly maxCostUsd: number | undefined;
  readonly maxIterations: number | undefined;
  readonly allowedTools: readonly string[] | undefined;

  constructor(limits: ResourceLimits) {
    this.maxTokens = limits.maxTokens;
    this.maxDurationMinutes = limits.maxDurationMinutes;
    this.maxCostUsd = limits.maxCostUsd;
    this.maxIterations = limits.maxIterations;
    this.allowedTools = limits.allowedTools;
  }
}

/** A named group of tasks. It is kept as a group, which counts in the lists as a task that nobody runs. */
export interface Project {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly description: string;
}

export interface ManagedTaskParams {
  readonly title: string;
  readonly description?: string | undefined;
  readonly projectId?: Reference | undefined;
  /** The task that it is a part of; the project itself when only that is named. */
  readonly parentTaskId?: Reference | undefined;
  readonly resourceConstraints?: ResourceLimits | undefined;
  readonly priority?: TaskPriority | undefined;
  /** The agent, CLAUDECODE by default. */
  readonly tool?: string | undefined;
  /** An agent, or a model for the agent. */
  readonly assignedTo?: string | undefined;
  readonly instructions?: string | undefined;
  /** Tasks that must be completed first. */
  readonly dependsOn?: readonly Reference[] | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly acceptanceCriteria?: readonly string[] | undefined;
  readonly requiresApproval?: boolean | undefined;
  readonly approver?: string | undefined;
  readonly review?: 'none' | 'required' | undefined;
}

export interface ManagedTaskQuery {
  readonly status?: TaskStatus | readonly TaskStatus[] | undefined;
  /** Keys with commas between them: `priority,created_at`. */
  readonly sortBy?: string | undefined;
  readonly order?: 'asc' | 'desc' | undefined;
  readonly projectId?: Reference | undefined;
}

/** Projects and tasks of an open folder, by the names of the specification. Tasks are named as everywhere. */
export class TaskManager extends Checkpoints {
  /** @throws TaskError `InvalidInput` when there is a project of this name */
  async createProject(name: string, { description = '' }: { readonly description?: string } = {}): Promise<Project> {
    const { store } = this.context;
    await store.refresh();
    for (const task of store.view.byProject(name.trim())) {
      if (task.kind !== 'group' || task.title !== name.trim()) continue;
      throw new TaskError('InvalidInput', `There is a project "${sanitizeLine(name)}" already, #${task.number}.`, {
        next: [textStep('Use it, or give this one another name.')],
      });
    }
    const { id, number, title } = await store.createTask({ kind: 'group', title: name, project: name, description });
    return { id, number, name: title, description };
  }

  /** @throws TaskError `InvalidInput` for a wrong value or an unknown field */
  async createTask(params: ManagedTaskParams): Promise<Task> {
    const { projectId, parentTaskId, resourceConstraints, dependsOn, labels, acceptanceCriteria, ...fields } = params;
    return runOperation(taskCreate, this.context, {
      // With any key that this operation does not know, which it refuses.
      ...fields,
      dependsOn: dependsOn === undefined ? undefined : [...dependsOn],
      label: labels === undefined ? undefined : [...labels],
      acceptance: acceptanceCriteria === undefined ? undefined : [...acceptanceCriteria],
      project: projectId === undefined ? undefined : await projectNamed(this.context.store, projectId),
      parentTask: parentTaskId ?? projectId,
      ...limitFields(resourceConstraints ?? {}),
    });
  }

  /** All of them, without the projects themselves. */
  async listTasks({ status, sortBy, order, projectId }: ManagedTaskQuery = {}): Promise<TaskSummary[]> {
    const query = {
      status: status === undefined ? undefined : [status].flat(),
      sort: sortBy,
      order,
      project: projectId === undefined ? undefined : await projectNamed(this.context.store, projectId),
      limit: 1_000,
    };
    const tasks: TaskSummary[] = [];
    for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
      const page = await runOperation(taskList, this.context, { ...query, cursor });
      tasks.push(...page.tasks.filter((task) => task.kind === 'work'));
      cursor = page.cursor;
    }
    return tasks;
  }

  async getTask(task: Reference): Promise<Task | null> {
    return this.context.store.getTask(String(task));
  }

  /** Queues it: it runs in the background as soon as what it depends on is completed. */
  async startTask(task: Reference): Promise<Task> {
    const [started] = (await runOperation(taskStart, this.context, { tasks: [task] })).tasks;
    if (started === undefined) throw new TaskError('TaskNotFound', `There is no task "${task}".`);
    return started;
  }

  /** What is not named stays as it is. */
  async updateTaskConstraints(task: Reference, limits: ResourceLimits): Promise<Task> {
    return runOperation(taskUpdate, this.context, { task, ...limitFields(limits) });
  }
}

function limitFields(limits: ResourceLimits): {
  budgetTokens: number | undefined;
  budgetMinutes: number | undefined;
  budgetCost: number | undefined;
  maxIterations: number | undefined;
  allowedTools: string[] | undefined;
} {
  return {
    // A share of a limit, such as one and a half times of it, is not always whole.
    budgetTokens: limits.maxTokens === undefined ? undefined : Math.ceil(limits.maxTokens),
    budgetMinutes: limits.maxDurationMinutes,
    budgetCost: limits.maxCostUsd,
    maxIterations: limits.maxIterations,
    allowedTools: limits.allowedTools === undefined ? undefined : [...limits.allowedTools],
  };
}
