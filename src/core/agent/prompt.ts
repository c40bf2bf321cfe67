import type { TaskRecord } from '../task/schema.ts';

/** The embedded agent, whose prompt is a script and nothing else. */
const SHELL = 'SHELL';

/**
 * The first prompt of a task: for an agent that reads, what is wanted and how one sees that it is done; for the shell,
 * the script.
 */
export function promptFor(task: TaskRecord): string {
  if (task.tool === SHELL) return task.instructions ?? '';
  const parts = [`# ${task.title}`];
  if (task.description !== task.title) parts.push(task.description);
  if (task.instructions !== undefined) parts.push(`## Instructions\n\n${task.instructions}`);
  if (task.acceptance_criteria.length > 0) {
    parts.push(`## It is done when\n\n${task.acceptance_criteria.map((criterion) => `- ${criterion}`).join('\n')}`);
  }
  return parts.join('\n\n');
}

/** What a resumed session is told, so that it goes on instead of starting over. */
export function resumePrompt(task: TaskRecord): string {
  return `You were interrupted while working on "${task.title}". Look at what is done already and go on from there.`;
}
