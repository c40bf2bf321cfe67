import type { TaskPatch } from '../../core/task/lifecycle.ts';
import type { Task, TaskRecord } from '../../core/task/schema.ts';
import type { WithStandings } from '../context.ts';
import { tasksById } from './output.ts';

/** Makes the same change to several tasks, to all of them or to none; a task that is named twice is changed once. */
export async function changeTasks(
  context: WithStandings,
  name: string,
  references: readonly string[],
  change: (task: TaskRecord, at: string) => TaskPatch,
): Promise<{ tasks: Task[] }> {
  const ids = await context.store.transact(name, (draft) => {
    const found = new Set(references.map((reference) => draft.require(reference).id));
    for (const id of found) draft.patch(id, change(draft.require(id), draft.at));
    return [...found];
  });
  return tasksById(context, ids);
}
