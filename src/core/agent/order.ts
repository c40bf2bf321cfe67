import type { TaskRecord, WorkflowStep } from '../task/schema.ts';
import { scriptOf } from '../task/workflow.ts';

/** The embedded agent, whose prompt is only a script. */
export const SHELL = 'SHELL';

/**
 * The texts of a task that people wrote, including all steps and checks: a person who starts the task approves them.
 */
export function orderOf(task: TaskRecord): string {
  const { workflow, checks = [] } = task;
  const after = checks.length === 0 ? [] : [`## Checks\n\n${listOf(checks)}`];
  if (workflow === undefined) {
    const words = task.tool === SHELL ? [scriptOf(task)] : wordsOf(task);
    return [...words, ...after].join('\n\n');
  }
  const steps = workflow.flatMap((step, index) => {
    const own = step.checks ?? [];
    return [stepWords(step, index, workflow.length), ...(own.length === 0 ? [] : [`Checks:\n\n${listOf(own)}`])];
  });
  return [...wordsOf(task), ...steps, ...after].join('\n\n');
}

/** Lines as a list in Markdown. */
export function listOf(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

/** Title, description, instructions and criteria, each as a part. */
export function wordsOf(task: TaskRecord): string[] {
  // Editors on Windows add a byte order mark.
  const instructions = task.instructions?.replace(/^\ufeff/, '');
  const parts = [`# ${task.title}`];
  if (task.description !== task.title) parts.push(task.description);
  if (instructions !== undefined) parts.push(`## Instructions\n\n${instructions}`);
  if (task.acceptance_criteria.length > 0) {
    parts.push(`## It is done when\n\n${task.acceptance_criteria.map((criterion) => `- ${criterion}`).join('\n')}`);
  }
  return parts;
}

/** A step as a part of the prompt. */
export function stepWords(
  { agent, phase, description, instructions }: WorkflowStep,
  index: number,
  count: number,
): string {
  const head = `## Step ${index + 1} of ${count}: ${phase} (${agent})`;
  return [head, description, instructions].filter((part) => part !== undefined && part.trim() !== '').join('\n\n');
}
