/**
 * Vocabulary of task values, separate from the schemas that validate them: rules and views that need only the values
 * load no schema library.
 */
export const taskStatuses = [
  'pending',
  'in_progress',
  'paused',
  'completed_active',
  'completed',
  'failed',
  'cancelled',
] as const;
export const priorities = ['critical', 'high', 'medium', 'low'] as const;
export const pauseReasons = ['approval', 'person', 'interrupted', 'budget'] as const;
/** Values of earlier versions. They are valid in stored tasks only, and have no effect. */
export const formerPauseReasons = ['feedback'] as const;

export const limits = {
  titleChars: 200,
  /** Description and instructions, in characters each. */
  textChars: 1_000_000,
  /** Metadata, constraints and result, in characters of JSON each. */
  jsonChars: 1_000_000,
  labels: 50,
  /** Steps of a workflow. */
  steps: 50,
  /** Check commands of a task or step, and characters of one. */
  checks: 20,
  checkChars: 2_000,
  dependencies: 1_000,
  /** Maximum number of changes, executions and approvals stored in the task itself; older ones remain in its log. */
  history: 200,
  /** The name of a person, worker or program that changed a task, in characters. */
  actorChars: 500,
} as const;
