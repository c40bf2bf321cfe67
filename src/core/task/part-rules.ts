import type { NewTaskFields } from './create.ts';
import type { TaskRecord } from './schema.ts';

/** Parameters by which a part keeps to the rules of its task: who decides, where it works, and how its result is merged. */
export function partRules(task: TaskRecord): Partial<NewTaskFields> {
  const gate = task.approval?.required === true ? task.approval : undefined;
  return {
    review: task.review,
    collaborationMode: task.collaboration_mode,
    isolation: task.isolation,
    onComplete: task.on_complete,
    checkpointMinutes: task.checkpoint_minutes,
    requiresApproval: gate?.required,
    approver: gate?.approver,
  };
}
