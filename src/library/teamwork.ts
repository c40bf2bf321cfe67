import { TaskError } from '../core/errors.ts';
import { operationStep } from '../core/next-step.ts';
import type { Task, TaskRecord } from '../core/task/schema.ts';
import { agentNamed, agentOfModel } from '../operations/agent/agent-choice.ts';
import type { OutputOf } from '../operations/all.ts';
import { runOperation } from '../operations/operation.ts';
import { resolveOne } from '../operations/task/references.ts';
import { taskUpdate } from '../operations/task/update.ts';
import { type WaitOptions, waitForTasks } from '../operations/task/wait-for.ts';
import { taskMergeParts } from '../operations/teamwork/merge-parts.ts';
import { taskSplit } from '../operations/teamwork/split.ts';
import { assessed, type TaskAssessment } from './assessed-task.ts';
import { Checkpoints } from './checkpoints.ts';

type Reference = string | number;

/** A number of parts, or the highest complexity of a part. */
export type SplitOptions =
  | { readonly strategy: 'parallel'; readonly numSubtasks?: number | undefined }
  | { readonly strategy: 'complexity_based'; readonly maxSubtaskComplexity?: number | undefined };

/** The combined results of the parts of a task. */
export type MergedResult = OutputOf<'task.merge-parts'>;

/** Work that several agents share, by the names of the specification. A task is named by number, full id or exact title. */
export class Teamwork extends Checkpoints {
  /**
   * Splits a task by the structure of its text and makes it the group of the parts. Limits are divided among the parts.
   *
   * @throws TaskError `IllegalTransition` for a task that has begun or ended
   */
  async splitTask(task: Reference, options: SplitOptions): Promise<(Task & TaskAssessment)[]> {
    const context = await this.context();
    const { tasks } = await runOperation(taskSplit, context, { task, ...options });
    const parts = await Promise.all(tasks.map(({ id = '' }) => context.store.getTask(id)));
    return parts.flatMap((part) => (part === null ? [] : [assessed(part)]));
  }

  /**
   * Assigns an agent, or a model of the agent of its maker.
   *
   * @throws TaskError `AgentNotFound`, or `TaskRunning` while another agent works on the task
   */
  async assignAgent(task: Reference, agent: string): Promise<Task> {
    const context = await this.context();
    const isModel = agentNamed(context.agents, agent) === undefined && !/^[A-Z][A-Z0-9_]+$/.test(agent);
    const tool = isModel ? agentOfModel(agent) : undefined;
    return runOperation(taskUpdate, context, { task, tool, assignedTo: agent });
  }

  /**
   * Waits until all parts of a task have ended. A part that waits for a person has not ended, and a deleted part is left out.
   *
   * @throws TaskError `TimedOut`, or `InvalidInput` for a task without parts; and the reason of the signal if it aborts
   */
  async waitForSubtasks(parent: Reference, options: WaitOptions = {}): Promise<TaskRecord[]> {
    const context = await this.context();
    const { id, number } = await resolveOne(context, String(parent));
    const parts = [...context.store.view.children(id)].map((part) => part.id);
    if (parts.length > 0) return waitForTasks(context, parts, options);
    throw new TaskError('InvalidInput', `#${number} has no parts.`, {
      next: [operationStep('Split it', 'task.split', { task: number })],
    });
  }

  /**
   * Combines the branches of the parts into the branch of their group, and their notes and spend in its result.
   *
   * @throws TaskError `MergeConflict` with the files and both parts, or `IllegalTransition` while parts are open or failed
   */
  async mergeSubtaskResults(parent: Reference): Promise<MergedResult> {
    return runOperation(taskMergeParts, await this.context(), { task: parent });
  }
}
