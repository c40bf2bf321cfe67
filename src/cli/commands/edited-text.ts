import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';

/** Runs a change that a person's text asks for. An error names the file with the text, which would be lost otherwise. */
export async function keepingText<T>(file: string, change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    const known = TaskError.from(error);
    throw new TaskError(known.code, known.message, {
      next: [...known.next, textStep(`Your text is in ${file}.`)],
      cause: error,
    });
  }
}
