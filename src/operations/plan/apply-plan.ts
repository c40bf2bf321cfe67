import { TaskError } from '../../core/errors.ts';
import { creationOrder, type PlanProblem, planProblems } from '../../core/plan/check.ts';
import { type PlacedItem, type Plan, placedItems } from '../../core/plan/plan.ts';
import type { StepOptions } from '../../core/steps.ts';
import { DEFAULT_TOOL, type NewTaskFields } from '../../core/task/create.ts';
import type { TaskId } from '../../core/task/id.ts';
import { cancel, complete, pause } from '../../core/task/session.ts';
import { requestStart } from '../../core/task/start.ts';
import type { Draft } from '../../store/journal/draft.ts';
import { addTask } from '../../store/task-changes.ts';
import { chooseAgent, requireAvailable } from '../agent/agent-choice.ts';
import type { WithRuns } from '../context.ts';
import { ensureForReady } from '../queue/queue-tasks.ts';
import { requireScript } from '../task/require-script.ts';

export interface ApplyOptions {
  /** Project of every task; the plan's own project if missing. */
  readonly project?: string | undefined;
  /** Existing task that becomes the parent of the plan's top items. */
  readonly parentTask?: string | undefined;
  /** Agent of the items that name none. */
  readonly agent?: string | undefined;
  /** Queue every new task. */
  readonly start?: boolean | undefined;
  /** Check everything and create nothing. */
  readonly dryRun?: boolean | undefined;
}

/** A task of an applied plan, or one that a preview would create. */
export interface PlannedTask {
  readonly key: string;
  readonly title: string;
  readonly kind: 'work' | 'group';
  readonly agent: string;
  /** Key of its parent in the plan. */
  readonly parent?: string | undefined;
  readonly depth: number;
  readonly dependsOn: readonly string[];
  /** Missing in a preview. */
  readonly number?: number | undefined;
  readonly id?: string | undefined;
}

export interface AppliedPlan {
  readonly applied: boolean;
  readonly tasks: readonly PlannedTask[];
  /** Faults that prevent the plan from being applied; only a preview has any. */
  readonly problems: readonly PlanProblem[];
}

/**
 * Creates all tasks of a plan in one transaction, or none; a dry run reports the tasks and every problem.
 *
 * @throws TaskError `InvalidInput` if the plan has problems, `AgentNotFound`, `TaskNotFound` for the parent task; and the
 *   reason of the signal if it aborts before anything was created
 */
export async function applyPlan(
  context: WithRuns,
  plan: Plan,
  options: ApplyOptions,
  { signal, progress }: StepOptions = {},
): Promise<AppliedPlan> {
  const { store, agents } = context;
  await store.refresh();
  const placed = placedItems(plan);
  progress?.({ done: 0, total: 2, message: `Checking ${countOf(placed.length)}` });
  const problems = planProblems(plan, (reference) => isTask(context, reference));
  const agentOf = ({ item }: PlacedItem): string =>
    chooseAgent(agents, { tool: item.agent ?? options.agent ?? DEFAULT_TOOL }).tool ?? DEFAULT_TOOL;
  if (options.dryRun === true)
    return { applied: false, tasks: placed.map((each) => planned(each, agentOf(each))), problems };
  if (problems.length > 0) throw problemError(problems);
  if (options.start === true) await requireStartable(context, placed, agentOf);
  // After this, the transaction creates all tasks.
  signal?.throwIfAborted();
  progress?.({ done: 1, total: 2, message: `Creating ${countOf(placed.length)}` });
  const made = await store.transact('plan.apply', (draft) => {
    const parent = options.parentTask === undefined ? undefined : draft.require(options.parentTask).id;
    const ids = new Map<string, TaskId>();
    for (const each of creationOrder(placed).order) {
      const { item } = each;
      const params: NewTaskFields = {
        kind: item.kind,
        title: item.title,
        description: item.description,
        instructions: item.instructions,
        tool: agentOf(each),
        priority: item.priority,
        project: options.project ?? plan.project,
        parentId: each.parent === undefined ? parent : ids.get(each.parent.key),
        dependsOn: (item.dependsOn ?? []).map((reference) => ids.get(reference) ?? draft.require(reference).id),
        labels: item.labels,
        constraints: item.constraints,
        acceptanceCriteria: item.acceptance,
        requiresApproval: item.requiresApproval,
        metadata: { ...item.metadata, plan_key: item.key },
      };
      const { id } = addTask(draft, params);
      ids.set(item.key, id);
      bringInto(draft, id, item.status ?? 'pending', options.start === true && item.kind === 'work');
    }
    return ids;
  });
  await ensureForReady(context);
  const tasks = placed.map((each) => {
    const id = made.get(each.item.key);
    const number = id === undefined ? undefined : store.view.byId(id)?.number;
    return { ...planned(each, agentOf(each)), id, number };
  });
  return { applied: true, tasks, problems: [] };
}

/** Sets the status of a new task according to the plan. */
function bringInto(
  draft: Draft,
  id: TaskId,
  status: 'pending' | 'completed' | 'cancelled' | 'paused',
  start: boolean,
): void {
  const task = draft.require(id);
  const reason = 'imported with this status';
  if (status === 'completed') draft.patch(id, complete(task, draft.at, { reason }));
  else if (status === 'cancelled') draft.patch(id, cancel(task, draft.at, reason));
  else if (status === 'paused') draft.patch(id, pause(task, draft.at, reason));
  else if (start) draft.patch(id, requestStart(task, draft.at));
}

function planned({ item, parent, depth }: PlacedItem, agent: string): PlannedTask {
  const { key, title, kind } = item;
  return { key, title, kind, agent, parent: parent?.key, depth, dependsOn: item.dependsOn ?? [] };
}

async function requireStartable(
  context: WithRuns,
  placed: readonly PlacedItem[],
  agentOf: (each: PlacedItem) => string,
): Promise<void> {
  await context.requireConfirmedTasks();
  const work = placed.filter(({ item }) => item.kind === 'work' && (item.status ?? 'pending') === 'pending');
  for (const each of work) requireScript({ tool: agentOf(each), instructions: each.item.instructions });
  await requireAvailable(context.agents, work.map(agentOf));
}

function isTask({ store }: WithRuns, reference: string): boolean {
  try {
    store.resolve(reference);
    return true;
  } catch (error) {
    if (TaskError.is(error, 'TaskNotFound', 'AmbiguousTask')) return false;
    throw error;
  }
}

function problemError(problems: readonly PlanProblem[]): TaskError {
  const [first, ...others] = problems;
  const more = others.length === 0 ? '' : ` And ${others.length} more.`;
  return new TaskError('InvalidInput', `${first?.message ?? 'The plan is invalid.'}${more} Nothing was created.`, {
    details: { problems: problems.slice(0, 100) },
  });
}

function countOf(tasks: number): string {
  return tasks === 1 ? '1 task' : `${tasks} tasks`;
}
