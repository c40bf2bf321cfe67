import type { TaskRecord } from '../../core/task/schema.ts';

/** Names that tasks use, such as those of their projects, sorted. */
export function namesIn(tasks: Iterable<TaskRecord>, namesOf: (task: TaskRecord) => readonly string[]): string[] {
  const names = new Set<string>();
  for (const task of tasks) for (const name of namesOf(task)) names.add(name);
  return [...names].sort((a, b) => a.localeCompare(b));
}

export function projectsIn(tasks: Iterable<TaskRecord>): string[] {
  return namesIn(tasks, ({ project }) => (project === undefined ? [] : [project]));
}
