import { type OriginalTask, originalTaskSchema } from '../../../core/task/original-schema.ts';

/**
 * Tasks in the server's `state.json`; task files take precedence, because they are newer.
 *
 * @returns undefined for a file of another program
 */
export function tasksOfOriginalState(value: unknown): OriginalTask[] | undefined {
  const tasks: unknown = (value as { tasks?: unknown } | null | undefined)?.tasks;
  if (!Array.isArray(tasks)) return undefined;
  return tasks.flatMap((task) => {
    const parsed = originalTaskSchema.safeParse(task);
    return parsed.success ? [parsed.data] : [];
  });
}
