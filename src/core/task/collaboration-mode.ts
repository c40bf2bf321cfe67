import { z } from 'zod';

/**
 * Division of the work of a task between a person and its agent:
 * - `autonomous`: the agent does not stop. Its questions go back to it, and the task is completed after the turn.
 * - `assisted`: the agent stops after each proposal. The person's feedback is the next prompt in the same session, and
 *   only a person completes the task.
 * - `supervised`: a person decides about each change, also about changes that a rule or `approvals` would allow.
 *
 * A task without a mode stops at questions and keeps its session open for a while.
 */
export const collaborationModeSchema = z.enum(['autonomous', 'assisted', 'supervised']);
export type CollaborationMode = z.infer<typeof collaborationModeSchema>;
