import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { partRules } from '../../core/task/part-rules.ts';
import { requireLease } from '../../core/task/run.ts';
import type { Constraints, TaskRecord } from '../../core/task/schema.ts';
import { limitsInStep } from '../../core/task/workflow.ts';
import { addTask } from '../../store/task-changes.ts';
import type { TaskStore } from '../../store/task-store.ts';

/** Parts of one task that agents may create. */
const MAX_PARTS = 50;

/** A part that an agent wants. */
export interface WantedPart {
  readonly title: string;
  readonly instructions?: string | undefined;
  readonly acceptance?: readonly string[] | undefined;
  readonly dependsOn?: readonly number[] | undefined;
}

interface PartContext {
  readonly store: TaskStore;
  readonly taskId: string;
  readonly executionId: string;
  readonly worker: string;
  /** Whether the queue plays, which would start the part. */
  readonly playing: boolean;
}

/**
 * Creates a part that is not started. It has the agent and at most the rights of its parent: an agent cannot get more by
 * delegating. While the queue plays, a person approves the part before it runs.
 */
export async function createPart(
  { store, taskId, executionId, worker, playing }: PartContext,
  { title, instructions, acceptance = [], dependsOn = [] }: WantedPart,
): Promise<{ number: number; title: string }> {
  const id = await store.transact('agent.part', (draft) => {
    const parent = requireLease(draft.byId(taskId), worker);
    const siblings = [...draft.children(taskId)];
    if (siblings.length >= MAX_PARTS) {
      throw new TaskError('TooLarge', `A task has at most ${MAX_PARTS} parts.`, {
        next: [textStep('Continue with the existing parts.')],
      });
    }
    const made = addTask(draft, {
      title,
      ...(instructions === undefined ? {} : { instructions }),
      acceptanceCriteria: [...acceptance],
      dependsOn: dependsOn.map((number) => siblingOf(siblings, number).id),
      parentId: parent.id,
      tool: parent.tool,
      priority: parent.priority,
      constraints: rightsOf(parent),
      ...partRules(parent),
      ...(playing ? { requiresApproval: true } : {}),
      metadata: { created_by: 'agent', execution: executionId },
    });
    draft.log(taskId, {
      type: 'agent',
      prefix: 'part',
      message: `Created a part: ${title}`,
      metadata: { source: 'agent' },
    });
    return made.id;
  });
  const number = store.view.byId(id)?.number;
  if (number === undefined) throw new TaskError('TaskNotFound', 'The part was deleted as soon as it was made.');
  return { number, title };
}

/** The agent that creates the part has the limits of its step. */
function rightsOf(parent: TaskRecord): Constraints {
  const { allowed_tools, approvals } = limitsInStep(parent);
  return {
    ...(allowed_tools === undefined ? {} : { allowed_tools }),
    ...(approvals === undefined ? {} : { approvals }),
  };
}

function siblingOf(siblings: readonly TaskRecord[], number: number): TaskRecord {
  const found = siblings.find((each) => each.number === number);
  if (found !== undefined) return found;
  throw new TaskError('InvalidInput', `dependsOn: #${number} is not a part of your task.`);
}
