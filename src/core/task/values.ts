/**
 * The values that a task is made of, apart from the schemas that check them: rules and views that only need these do
 * not load a schema library for it.
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
/** Values of earlier versions. They are valid in stored tasks only, and nothing gives them a meaning. */
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
  dependencies: 1_000,
  /** Changes, executions and approvals kept in the task itself; older ones stay in its log. */
  history: 200,
  /** The name of a person, worker or program that changed a task, in characters. */
  actorChars: 500,
} as const;
