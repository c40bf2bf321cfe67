import { outcomesOf } from '../../core/assess/outcomes.ts';
import { TaskError } from '../../core/errors.ts';
import { creationOrder, type PlanProblem, planProblems } from '../../core/plan/check.ts';
import { editPlan, type PlanEdits } from '../../core/plan/edit.ts';
import { type Matches, matchSource, planKeyOf, planMetadata } from '../../core/plan/match.ts';
import { type PlacedItem, type Plan, type PlanItem, placedItems } from '../../core/plan/plan.ts';
import { type ProposedLimits, proposedLimits } from '../../core/plan/propose-limits.ts';
import { requireSplittable } from '../../core/plan/split.ts';
import type { StepOptions } from '../../core/steps.ts';
import { DEFAULT_TOOL, type NewTaskFields } from '../../core/task/create.ts';
import type { TaskId } from '../../core/task/id.ts';
import { isTerminal } from '../../core/task/lifecycle.ts';
import { partRules } from '../../core/task/part-rules.ts';
import type { TaskRecord, TaskStatus } from '../../core/task/schema.ts';
import { becomeGroup, cancel, complete, pause } from '../../core/task/session.ts';
import { requestStart } from '../../core/task/start.ts';
import type { Draft } from '../../store/journal/draft.ts';
import { addTask } from '../../store/task-changes.ts';
import { chooseAgent, requireAvailable } from '../agent/agent-choice.ts';
import type { WithRuns } from '../context.ts';
import { ensureForReady } from '../queue/ensure-worker.ts';
import { requireScript } from '../task/require-script.ts';
import { requireScripts, stepsOf } from '../task/workflow.ts';
import { changeOf, type TaskChange, updateTask } from './update-task.ts';

export interface ApplyOptions {
  /** Project of every task; the plan's own project if missing. */
  readonly project?: string | undefined;
  /** Existing task that becomes the parent of the plan's top items. */
  readonly parentTask?: string | undefined;
  /** Id of a task that becomes a group with the plan's top items as its parts. */
  readonly splits?: TaskId | undefined;
  /** A person's changes of the items. */
  readonly edits?: PlanEdits | undefined;
  /** Agent of the items that name none. */
  readonly agent?: string | undefined;
  /** Set limits from similar finished tasks on new tasks that have none. */
  readonly limits?: boolean | undefined;
  /** Queue every new task. */
  readonly start?: boolean | undefined;
  /** Validate everything and create nothing. */
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
  /** `changed` and `unchanged` for a task that came from the same source before. */
  readonly change: 'new' | 'changed' | 'unchanged';
  /** Changed fields. */
  readonly fields?: readonly string[] | undefined;
  /** Status of a new task that is not pending. */
  readonly status?: 'completed' | 'cancelled' | 'paused' | undefined;
  /** Limits from similar finished tasks. */
  readonly limits?: ProposedLimits | undefined;
  /** Missing for a new task in a preview. */
  readonly number?: number | undefined;
  readonly id?: string | undefined;
}

export interface AppliedPlan {
  readonly applied: boolean;
  readonly tasks: readonly PlannedTask[];
  /** Faults that prevent the plan from being applied; only a preview has any. */
  readonly problems: readonly PlanProblem[];
  /** Tasks of the same source that have not ended and are no longer in it. */
  readonly missing: readonly {
    readonly id: string;
    readonly number: number;
    readonly title: string;
    readonly status: TaskStatus;
  }[];
  readonly notes: readonly { readonly line?: number | undefined; readonly message: string }[];
}

/**
 * Creates all tasks of a plan in one transaction, or none. Tasks that came from the same source before are updated; a task
 * whose item is gone stays as it is. A dry run reports the tasks and every problem.
 *
 * @throws TaskError `InvalidInput` if the plan has problems, `AgentNotFound`, `TaskNotFound` for the parent task; and the
 *   reason of the signal if it aborts before anything was created
 */
export async function applyPlan(
  context: WithRuns,
  whole: Plan,
  options: ApplyOptions,
  { signal, progress }: StepOptions = {},
): Promise<AppliedPlan> {
  const { store, agents } = context;
  await store.refresh();
  const plan = options.edits === undefined ? whole : editPlan(whole, options.edits);
  if (plan === undefined) throw new TaskError('InvalidInput', 'Every item of the plan was left out.');
  /** The place of an item in its source, where a person's changes do not count. */
  const originals = new Map(placedItems(whole).map(({ item }) => [item.key, item] as const));
  const metadataOf = (item: PlanItem): Record<string, unknown> => planMetadata(plan, originals.get(item.key) ?? item);
  const placed = placedItems(plan);
  // Left out by the person, so not gone from the source.
  const leftOut = new Set(originals.keys());
  for (const { item } of placed) leftOut.delete(item.key);
  progress?.({ done: 0, total: 2, message: `Checking ${countOf(placed.length)}` });
  const problems = planProblems(plan, (reference) => isTask(context, reference));
  const chosen = new Map<string, string>();
  const agentOf = ({ item }: PlacedItem): string => {
    if (item.workflow !== undefined) return stepsOf(agents, item.workflow)[0]?.agent ?? DEFAULT_TOOL;
    const name = item.agent ?? options.agent ?? DEFAULT_TOOL;
    const known = chosen.get(name) ?? chooseAgent(agents, { tool: name }).tool ?? DEFAULT_TOOL;
    chosen.set(name, known);
    return known;
  };
  const proposed =
    options.limits === true
      ? proposedLimits(placed, agentOf, outcomesOf(store.view.all()))
      : new Map<PlanItem, never>();
  const before = matchSource(plan, placed, store.view.all());
  const changes = changesOf(before);
  const report = (ids?: ReadonlyMap<string, TaskId>): AppliedPlan => ({
    applied: ids !== undefined,
    tasks: placed.map((each) => {
      const id = ids?.get(each.item.key) ?? before.tasks.get(each.item)?.id;
      const limits = before.tasks.has(each.item) ? undefined : proposed.get(each.item);
      return {
        ...planned(each, agentOf(each), changes),
        ...(limits === undefined ? {} : { limits }),
        id,
        number: id && store.view.byId(id)?.number,
      };
    }),
    missing: missingOf(before)
      .filter((task) => !leftOut.has(planKeyOf(task)))
      .map(missingFacts),
    problems: ids === undefined ? problems : [],
    notes: [...changes.values()].flatMap(({ skipped }) => (skipped === undefined ? [] : [{ message: skipped }])),
  });
  if (options.dryRun === true) return report();
  if (problems.length > 0) throw problemError(problems);
  if (options.start === true) await requireStartable(context, placed, agentOf);
  // After this, the transaction creates all tasks.
  signal?.throwIfAborted();
  progress?.({ done: 1, total: 2, message: `Creating ${countOf(placed.length)}` });
  const made = await store.transact('plan.apply', (draft) => {
    const parent =
      options.splits ?? (options.parentTask === undefined ? undefined : draft.require(options.parentTask).id);
    const split = options.splits === undefined ? undefined : draft.require(options.splits);
    if (split !== undefined) {
      // Decided again on the state of this change.
      requireSplittable(split);
      draft.patch(split.id, becomeGroup(split, draft.at));
    }
    const { tasks } = matchSource(plan, placed, draft.all());
    const ids = new Map<string, TaskId>([...tasks].map(([item, { id }]) => [item.key, id]));
    // Reversed dependencies would be a cycle while only one of the tasks is updated.
    for (const [item, task] of tasks) {
      if (changeOf(item, task).fields.includes('dependsOn')) draft.patch(task.id, { depends_on: [] });
    }
    const resolve = (reference: string): TaskId => ids.get(reference) ?? draft.require(reference).id;
    for (const each of creationOrder(placed).order) {
      const { item } = each;
      if (tasks.has(item)) continue;
      const params: NewTaskFields = {
        ...(split === undefined ? {} : partRules(split)),
        // Another agent does not know the model of the task.
        assignee: item.workflow === undefined && split?.tool === agentOf(each) ? split.assignee : undefined,
        kind: item.kind,
        title: item.title,
        description: item.description,
        instructions: item.instructions,
        tool: agentOf(each),
        workflow: item.workflow === undefined ? undefined : stepsOf(agents, item.workflow),
        checks: item.checks,
        priority: item.priority,
        project: options.project ?? plan.project,
        parentId: each.parent === undefined ? parent : ids.get(each.parent.key),
        dependsOn: (item.dependsOn ?? []).map(resolve),
        labels: item.labels,
        constraints: { ...item.constraints, ...proposed.get(item) },
        acceptanceCriteria: item.acceptance,
        ...(item.requiresApproval === undefined ? {} : { requiresApproval: item.requiresApproval }),
        metadata: metadataOf(item),
      };
      const { id } = addTask(draft, params);
      ids.set(item.key, id);
      bringInto(draft, id, item.status ?? 'pending', options.start === true && item.kind === 'work');
    }
    for (const [item, task] of tasks) {
      updateTask(draft, task, { metadata: metadataOf(item), item, change: changeOf(item, task), resolve });
      const now = draft.require(task.id);
      const isWaiting = now.kind === 'work' && now.status === 'pending' && now.queued_at === undefined;
      if (options.start === true && isWaiting) draft.patch(task.id, requestStart(now, draft.at));
    }
    return ids;
  });
  await ensureForReady(context);
  return report(made);
}

function changesOf({ tasks }: Matches): Map<PlanItem, TaskChange> {
  return new Map([...tasks].map(([item, task]) => [item, changeOf(item, task)]));
}

/** Ended tasks need no report: their work is done. */
function missingOf({ missing }: Matches): TaskRecord[] {
  return missing.filter(({ status }) => !isTerminal(status));
}

function missingFacts({ id, number, title, status }: TaskRecord): AppliedPlan['missing'][number] {
  return { id, number, title, status };
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

function planned(
  { item, parent, depth }: PlacedItem,
  agent: string,
  changes: ReadonlyMap<PlanItem, TaskChange>,
): PlannedTask {
  const { key, title, kind } = item;
  const status = changes.has(item) || item.status === 'pending' ? undefined : item.status;
  const fields = changes.get(item)?.fields;
  const change = fields === undefined ? 'new' : fields.length > 0 ? 'changed' : 'unchanged';
  return {
    key,
    title,
    kind,
    agent,
    parent: parent?.key,
    depth,
    dependsOn: item.dependsOn ?? [],
    change,
    fields,
    status,
  };
}

async function requireStartable(
  context: WithRuns,
  placed: readonly PlacedItem[],
  agentOf: (each: PlacedItem) => string,
): Promise<void> {
  await context.requireConfirmedTasks();
  const work = placed.filter(({ item }) => item.kind === 'work' && (item.status ?? 'pending') === 'pending');
  const names: string[] = [];
  for (const each of work) {
    const steps = each.item.workflow === undefined ? undefined : stepsOf(context.agents, each.item.workflow);
    if (steps === undefined) requireScript({ tool: agentOf(each), instructions: each.item.instructions });
    else requireScripts(steps);
    names.push(...(steps?.map(({ agent }) => agent) ?? [agentOf(each)]));
  }
  await requireAvailable(context.agents, names);
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
