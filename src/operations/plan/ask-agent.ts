import type { StepOptions } from '../../core/steps.ts';
import type { TaskId } from '../../core/task/id.ts';
import { isTerminal } from '../../core/task/lifecycle.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { complete } from '../../core/task/session.ts';
import { requestStart } from '../../core/task/start.ts';
import { addTask } from '../../store/task-changes.ts';
import type { WithRuns } from '../context.ts';
import { ensureFor } from '../queue/ensure-worker.ts';
import { requirePromptAgent } from '../task/require-script.ts';
import { waitForTasks } from '../task/wait-for.ts';

/** A question to an agent, which reads files and changes none. */
export interface AgentOrder {
  readonly agent: string;
  readonly title: string;
  readonly description: string;
  readonly parentId?: TaskId | undefined;
  readonly project?: string | undefined;
}

/**
 * Asks an agent in a separate task, and waits for its end. A later call with the same order uses the same task, also
 * after an interruption.
 *
 * @returns the task; `ended` is undefined if it was deleted
 * @throws TaskError for an agent that takes no prompt; the reason of the signal if it aborts: the task continues
 */
export async function askAgent(
  context: WithRuns,
  { agent, title, description, parentId, project }: AgentOrder,
  { signal, progress }: StepOptions = {},
): Promise<{ readonly task: TaskRecord; readonly ended: TaskRecord | undefined }> {
  const { store } = context;
  const tool = await requirePromptAgent(context, agent);
  await context.requireConfirmedTasks();
  const id = await store.transact('plan.ask', (draft) => {
    const others = parentId === undefined ? draft.all() : draft.children(parentId);
    const before = [...others].find(
      (each) => each.tool === tool && each.description === description && each.parent_id === parentId && isOfUse(each),
    );
    if (before !== undefined) return before.id;
    const made = addTask(draft, {
      title,
      description,
      tool,
      parentId,
      project,
      constraints: { allowed_tools: ['file_operations:read'] },
      onComplete: 'review',
    });
    draft.patch(made.id, requestStart(draft.require(made.id), draft.at));
    return made.id;
  });
  // A new task has its number only after the transaction.
  const task = store.resolve(id);
  progress?.({ done: 0, total: 2, message: `Waiting for the proposal of #${task.number}`, task: task.number });
  if (!isTerminal(task.status)) await ensureFor(context, [task]);
  const [ended] = await waitForTasks(context, [task.id], { signal });
  if (ended?.status === 'completed_active') {
    await store.transact('plan.ask', (draft) => {
      const current = draft.require(task.id);
      if (current.status === 'completed_active') draft.patch(current.id, complete(current, draft.at));
    });
  }
  return { task, ended };
}

function isOfUse({ status, from_outside: foreign }: TaskRecord): boolean {
  return foreign !== true && status !== 'failed' && status !== 'cancelled';
}
