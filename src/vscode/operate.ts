import type { StepOptions } from '../core/steps.ts';
import type { InputOf, OutputOf } from '../operations/all.ts';
import type { OperationName } from '../operations/declarations.ts';
import type { TaskFolder } from './folders/task-folder.ts';

/**
 * Runs an operation on the tasks of a folder, and opens the folder first if necessary. The only way in which commands
 * change tasks.
 *
 * @throws TaskError of the store or the operation; `Untrusted` for operations that may not run in a restricted window
 */
export async function operate<N extends OperationName>(
  folder: TaskFolder,
  name: N,
  input: InputOf<N>,
  options?: StepOptions,
): Promise<OutputOf<N>> {
  const { operations } = await import('../operations/all.ts');
  try {
    return await operations[name].run(await folder.ready(), input, options);
  } catch (error) {
    // The buttons of its message act on the tasks of this folder.
    if (error instanceof Error) Object.defineProperty(error, 'folder', { value: folder.path, configurable: true });
    throw error;
  }
}
