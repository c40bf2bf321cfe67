import { TaskError } from '../../core/errors.ts';
import { suggestions, textStep } from '../../core/next-step.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { StoreView } from '../../store/journal/view.ts';
import type { TaskStore } from '../../store/task-store.ts';

/**
 * The tasks of a project, or all of them.
 *
 * @throws TaskError `TaskNotFound` when it has none: a misspelled name must not look like an empty project
 */
export function tasksOf(view: StoreView, project: string | undefined): TaskRecord[] {
  if (project === undefined) return [...view.all()];
  const own = [...view.byProject(project)];
  if (own.length > 0) return own;
  const names = new Set<string>();
  for (const task of view.all()) if (task.project !== undefined) names.add(sanitizeLine(task.project));
  const some = [...names].sort().slice(0, 5);
  throw new TaskError('TaskNotFound', `No task is in a project "${sanitizeLine(project)}".`, {
    next: [
      ...suggestions(project, names),
      textStep(some.length === 0 ? 'No task here has a project.' : `There are tasks in: ${some.join(', ')}.`),
    ],
  });
}

/**
 * The name of a project created by `createProject`, by its id or number.
 *
 * @throws TaskError `TaskNotFound`, or `InvalidInput` for a task that is not a project
 */
export async function projectNamed(store: TaskStore, reference: string | number): Promise<string> {
  await store.refresh();
  const task = store.resolve(String(reference));
  if (task.kind === 'group' && task.project !== undefined) return task.project;
  throw new TaskError('InvalidInput', `#${task.number} is not a project.`, {
    next: [textStep('createProject makes one, and gives its id.')],
  });
}
