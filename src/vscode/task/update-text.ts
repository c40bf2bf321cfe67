import type { InputOf, OutputOf } from '../../webviews/kit/protocol.ts';
import type { TaskProtocol } from '../../webviews/task/protocol.ts';
import { errorWords } from '../feedback/errors.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';
import { shownField } from './shown-text.ts';

/** The task changes often while it runs, mostly in other fields. */
const TRIES = 5;

/**
 * Writes a text of a task if it still has the value that the person started from. Otherwise returns the value that it
 * has now, and writes nothing.
 *
 * @throws TaskError of the store or the operation
 */
export async function updateText(
  folder: TaskFolder,
  taskId: string,
  { field, before, value }: InputOf<TaskProtocol, 'update'>,
): Promise<OutputOf<TaskProtocol, 'update'>> {
  for (let tries = 1; ; tries += 1) {
    const { store } = await folder.ready();
    await store.refresh();
    const task = store.resolve(taskId);
    const current = shownField(task, field);
    if (current !== before) return { conflict: current };
    const wanted = field === 'instructions' && value === '' ? null : value;
    try {
      await operate(folder, 'task.update', { task: task.id, [field]: wanted, ifRevision: task.revision });
      return { conflict: null };
    } catch (error) {
      if (errorWords(error).code !== 'RevisionConflict' || tries === TRIES) throw error;
    }
  }
}
