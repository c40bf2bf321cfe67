import { TaskError } from '../../core/errors.ts';
import { shellStep } from '../../core/next-step.ts';

/**
 * Runs a change that a person's text asks for. An error names the file with the text, which would be lost otherwise.
 *
 * @param words the command that opens the file again, without the file
 */
export async function keepingText<T>(file: string, words: string, change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    const known = TaskError.from(error);
    throw new TaskError(known.code, known.message, {
      next: [...known.next, shellStep('Your text is kept. Edit it again', `systemprompt ${words} '${file}'`)],
      cause: error,
    });
  }
}
