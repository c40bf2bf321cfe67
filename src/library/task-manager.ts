import { z } from 'zod';
import { TaskError } from '../core/errors.ts';
import { renameLimits } from '../core/policy/limit-names.ts';
import type { AITool } from '../core/task/agents.ts';
import type { ApprovalsMode } from '../core/task/approvals-mode.ts';
import { type CreateTaskParams, parseInput } from '../core/task/create.ts';
import { type Task, type TaskStatus, type TaskSummary, taskStatusSchema } from '../core/task/schema.ts';
import { runOperation } from '../operations/operation.ts';
import { projectCreate } from '../operations/project/create.ts';
import { taskCreate } from '../operations/task/create.ts';
import { taskList } from '../operations/task/list.ts';
import { projectNamed } from '../operations/task/project-tasks.ts';
import { taskStart } from '../operations/task/start.ts';
import { taskUpdate } from '../operations/task/update.ts';
import { assessed, type TaskAssessment } from './assessed-task.ts';
import { limitsSchema, ResourceConstraints, type ResourceLimits } from './resource-constraints.ts';
import { Teamwork } from './teamwork.ts';

type Reference = string | number;

export const TaskPriority = { CRITICAL: 'critical', HIGH: 'high', MEDIUM: 'medium', LOW: 'low' } as const;
export type TaskPriority = (typeof TaskPriority)[keyof typeof TaskPriority];

/** A named set of tasks. It is stored as a group, which lists count as a task that never runs. */
export interface Project {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly description: string;
}

/** A task with its log and its assessments. */
export type ManagedTask = Task & TaskAssessment;

export interface ManagedTaskParams {
  readonly title: string;
  readonly description?: string | undefined;
  readonly projectId?: Reference | undefined;
  /** The parent task. Default: the project, if one is named. */
  readonly parentTaskId?: Reference | undefined;
  readonly resourceConstraints?: ResourceLimits | undefined;
  readonly priority?: TaskPriority | undefined;
  /** The agent. Default: CLAUDECODE. */
  readonly tool?: AITool | undefined;
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
  readonly isolation?: CreateTaskParams['isolation'];
  readonly onComplete?: CreateTaskParams['onComplete'];
  /** The decider of the agent's requests. Default: as the agent is configured. */
  readonly approvals?: ApprovalsMode | undefined;
  /** Steps that run one after the other, each with its own agent. */
  readonly workflow?: CreateTaskParams['workflow'];
  /** Commands that must succeed before the task is completed. A failure goes back to the agent. */
  readonly checks?: readonly string[] | undefined;
  /** Data of the caller, kept with the task. */
  readonly metadata?: CreateTaskParams['metadata'];
}

const reference = z.union([z.string(), z.number()]);
const texts = z.array(z.string()).optional();

/** Keys of {@link ManagedTaskParams}. The operation checks the values that it takes by the same name. */
const paramsSchema = z.strictObject({
  ...taskCreate.input.pick({
    description: true,
    priority: true,
    tool: true,
    assignedTo: true,
    instructions: true,
    requiresApproval: true,
    approver: true,
    review: true,
    isolation: true,
    onComplete: true,
    approvals: true,
    metadata: true,
    workflow: true,
  }).shape,
  title: z.string(),
  projectId: reference.optional(),
  parentTaskId: reference.optional(),
  resourceConstraints: limitsSchema.optional(),
  dependsOn: z.array(reference).optional(),
  labels: texts,
  acceptanceCriteria: texts,
  checks: texts,
});

export interface ManagedTaskQuery {
  readonly status?: TaskStatus | readonly TaskStatus[] | undefined;
  /** Keys separated by commas: `priority,created_at`. */
  readonly sortBy?: string | undefined;
  readonly order?: 'asc' | 'desc' | undefined;
  readonly projectId?: Reference | undefined;
}

const querySchema = z.strictObject({
  status: z.union([taskStatusSchema, z.array(taskStatusSchema)]).optional(),
  sortBy: z.string().optional(),
  order: z.enum(['asc', 'desc']).optional(),
  projectId: reference.optional(),
});

/**
 * Projects and tasks by the names of the specification. A task is named by number, full id or exact title.
 *
 * @example
 * const tm = new TaskManager();
 * const tasks = await tm.listTasks({ status: TaskStatus.PENDING, sortBy: 'priority,created_at', order: 'desc' });
 */
export class TaskManager extends Teamwork {
  /**
   * Creates a project: a group that contains its tasks.
   *
   * @throws TaskError `InvalidInput` if a project of this name exists
   */
  async createProject(name: string, { description = '' }: { readonly description?: string } = {}): Promise<Project> {
    const { id, number, title } = await runOperation(projectCreate, await this.context(), { name, description });
    return { id, number, name: title, description };
  }

  /**
   * Creates a task, in a project or as a part of another task.
   *
   * @throws TaskError `InvalidInput` for a wrong value or an unknown field
   */
  async createTask(params: ManagedTaskParams): Promise<ManagedTask> {
    const { projectId, parentTaskId, resourceConstraints, labels, acceptanceCriteria, checks, ...fields } = parseInput(
      paramsSchema,
      params,
    );
    const context = await this.context();
    const task = await runOperation(taskCreate, context, {
      ...fields,
      label: labels,
      acceptance: acceptanceCriteria,
      check: checks,
      project: projectId === undefined ? undefined : await projectNamed(context.store, projectId),
      parentTask: parentTaskId ?? projectId,
      ...limitFields(resourceConstraints ?? {}),
    });
    return assessed(task);
  }

  /**
   * Lists all matching tasks, without the projects themselves.
   *
   * @throws TaskError `InvalidInput` for a wrong value or an unknown key
   */
  async listTasks(query: ManagedTaskQuery = {}): Promise<(TaskSummary & TaskAssessment)[]> {
    const { status, sortBy, order, projectId } = parseInput(querySchema, query);
    const context = await this.context();
    const input = {
      status: status === undefined ? undefined : [status].flat(),
      sort: sortBy,
      order,
      project: projectId === undefined ? undefined : await projectNamed(context.store, projectId),
      limit: 1_000,
    };
    const tasks: (TaskSummary & TaskAssessment)[] = [];
    for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
      const page = await runOperation(taskList, context, { ...input, cursor });
      tasks.push(...page.tasks.filter((task) => task.kind === 'work').map(assessed));
      cursor = page.cursor;
    }
    return tasks;
  }

  /** The task with its latest 1,000 log entries; null if it does not exist. */
  async getTask(task: Reference): Promise<ManagedTask | null> {
    const found = await (await this.context()).store.getTask(task as string);
    return found === null ? null : assessed(found);
  }

  /** Queues a task. A worker runs it in the background as soon as its dependencies are completed. */
  async startTask(task: Reference): Promise<ManagedTask> {
    const [started] = (await runOperation(taskStart, await this.context(), { tasks: [task] })).tasks;
    if (started === undefined) throw new TaskError('TaskNotFound', `There is no task "${task}".`);
    return assessed(started);
  }

  /**
   * Changes the given limits and keeps the others.
   *
   * @throws TaskError `InvalidInput` for an unknown limit or a wrong value
   */
  async updateTaskConstraints(task: Reference, limits: ResourceLimits): Promise<ManagedTask> {
    const change = { task, ...limitFields(new ResourceConstraints(limits)) };
    return assessed(await runOperation(taskUpdate, await this.context(), change));
  }
}

function limitFields(limits: ResourceLimits) {
  const { budgetTokens, ...others } = renameLimits(limits, 'library', 'option');
  return {
    ...others,
    // A share of a limit, such as one and a half times of it, is not always whole.
    budgetTokens: budgetTokens === undefined ? undefined : Math.ceil(budgetTokens),
    allowedTools: limits.allowedTools === undefined ? undefined : [...limits.allowedTools],
  };
}
