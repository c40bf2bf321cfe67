import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';

/**
 * Refuses to queue a script task without a script: it would only fail later.
 *
 * @throws TaskError `InvalidInput`
 */
export function requireScript({
  tool,
  instructions,
}: {
  tool?: string | undefined;
  instructions?: string | undefined;
}): void {
  if (tool !== 'SHELL' || (instructions?.trim() ?? '') !== '') return;
  throw new TaskError('InvalidInput', 'A task for SHELL has nothing to run without instructions.', {
    next: [textStep('Give it a script as its instructions, or create it without starting it.')],
  });
}
