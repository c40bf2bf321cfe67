import type { TaskRecord } from '../../core/task/schema.ts';
import type { InputOf } from '../../operations/all.ts';
import { errorWords } from '../feedback/errors.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';

/** The task changes often while it runs, mostly in other fields. */
const TRIES = 5;

export type TaskUpdate = Omit<InputOf<'task.update'>, 'task' | 'ifRevision'>;

/**
 * Updates a task with what `updateFor` makes of its newest revision, again if the task changes meanwhile. Undefined
 * changes nothing.
 *
 * @throws TaskError of the store or the operation
 */
export async function updateTask(
  folder: TaskFolder,
  taskId: string,
  updateFor: (task: TaskRecord) => TaskUpdate | undefined | Promise<TaskUpdate | undefined>,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const { store } = await folder.ready();
    await store.refresh();
    const task = store.resolve(taskId);
    const update = await updateFor(task);
    if (update === undefined) return;
    try {
      await operate(folder, 'task.update', { ...update, task: task.id, ifRevision: task.revision });
      return;
    } catch (error) {
      if (errorWords(error).code !== 'RevisionConflict' || tries === TRIES) throw error;
    }
  }
}
