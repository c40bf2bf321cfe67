import type { NewTaskFields } from './create.ts';
import type { TaskRecord } from './schema.ts';

/**
 * The parameters of a copy of a task: everything that a person decided about it, nothing that happened to it. Dependencies
 * and the parent stay the same.
 */
export function cloneFields(task: TaskRecord): NewTaskFields {
  return {
    kind: task.kind,
    title: task.title,
    description: task.description,
    instructions: task.instructions,
    ...(task.workflow === undefined ? { tool: task.tool } : { workflow: task.workflow }),
    checks: task.checks,
    assignee: task.assignee,
    priority: task.priority,
    project: task.project,
    parentId: task.parent_id,
    dependsOn: task.depends_on,
    labels: task.labels,
    constraints: task.constraints,
    acceptanceCriteria: task.acceptance_criteria,
    review: task.review,
    collaborationMode: task.collaboration_mode,
    isolation: task.isolation,
    onComplete: task.on_complete,
    checkpointMinutes: task.checkpoint_minutes,
    requiresApproval: task.approval?.required,
    approver: task.approval?.required === true ? task.approval.approver : undefined,
  } as NewTaskFields;
}
