import type { InputOf, OutputOf } from '../../webviews/kit/protocol.ts';
import type { Editable, TaskProtocol } from '../../webviews/task/protocol.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { linesOf } from './fields/draft-fields.ts';
import { shownField } from './shown-text.ts';
import { updateTask } from './update-task.ts';

/**
 * Writes a text of a task if it still has the value that the person started from. Otherwise returns the current value
 * without a change.
 *
 * @throws TaskError of the store or the operation
 */
export async function updateText(
  folder: TaskFolder,
  taskId: string,
  { field, before, value }: InputOf<TaskProtocol, 'update'>,
): Promise<OutputOf<TaskProtocol, 'update'>> {
  let conflict: string | null = null;
  await updateTask(folder, taskId, (task) => {
    const current = shownField(task, field);
    conflict = current === before ? null : current;
    return conflict === null ? { [field]: wantedValue(field, value) } : undefined;
  });
  return { conflict };
}

function wantedValue(field: Editable, value: string): string | string[] | null {
  if (field === 'acceptance') return linesOf(value);
  return field === 'instructions' && value === '' ? null : value;
}
