import { TaskError } from '../core/errors.ts';
import { textStep } from '../core/next-step.ts';

const FULL = ['ENOSPC', 'EDQUOT'];
const REFUSED = ['EACCES', 'EPERM', 'EROFS'];

/** The disk may be read but not written here. */
export function isRefusal(error: unknown): boolean {
  return REFUSED.includes(errorCode(error) ?? '');
}

/** The folder is untrusted: its tasks are read, and never written. */
export function restricted(): TaskError {
  return new TaskError('Untrusted', 'Nothing is written in a restricted folder.', {
    next: [textStep('Trust the folder first.')],
  });
}

/** A newer version of the product wrote the store, which is read, and never written. */
export function newer(message: string): TaskError {
  return new TaskError('StoreNewer', message, {
    next: [textStep('Update SystemPrompt Tasks on this machine, and try again.')],
  });
}

/** The folder was deleted or moved away: nothing is created in its place. */
export function gone(folder: string): TaskError {
  return new TaskError('StoreNotWritable', `The change was not kept: the folder ${folder} is gone.`, {
    next: [textStep('Bring it back, or open the folder where it is now.')],
  });
}

/** Wraps a failure of the disk in an error: the change was not stored. */
export function notWritable(error: unknown): TaskError {
  return wrap(error, 'The change was not kept');
}

/** @throws TaskError as `notWritable` makes it */
export function refused(error: unknown): never {
  throw notWritable(error);
}

/** The change is in the journal, but the sync was not confirmed. */
export function notSafe(error: unknown): TaskError {
  return wrap(error, 'The change was made, but it may not survive a power cut');
}

/** The change was handed to the disk, and then the journal could not be read: whether it counts is not known yet. */
export function notKnown(error: unknown): TaskError {
  return wrap(error, 'Whether the change was kept is not known yet');
}

/** @throws TaskError `StoreNotWritable` with the reason of the failed read */
export function unreadable(error: unknown): never {
  throw wrap(error, 'The store cannot be read');
}

function wrap(error: unknown, what: string): TaskError {
  if (error instanceof TaskError) return error;
  const code = errorCode(error) ?? '';
  const why = FULL.includes(code)
    ? 'the disk is full'
    : REFUSED.includes(code)
      ? 'the folder cannot be accessed'
      : error instanceof Error
        ? error.message
        : String(error);
  return new TaskError('StoreNotWritable', `${what}: ${why}.`, {
    next: [
      textStep(
        FULL.includes(code)
          ? 'Free disk space, and try again.'
          : REFUSED.includes(code)
            ? 'Check the permissions of .systemprompt.'
            : 'Check the disk that .systemprompt is on, and try again.',
      ),
    ],
    cause: error,
  });
}

function errorCode(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}
