import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { type LogDraft, logLevels, logTypes } from '../../core/task/log-entry.ts';

/**
 * A draft as callers may give it, which are programs without types as well. An Error as metadata becomes `{ error }`.
 *
 * @throws TaskError `InvalidInput`: an entry of another shape would be unreadable later
 */
export function checkedLogDraft(draft: LogDraft): LogDraft {
  const { message, level = 'info', type = 'system', prefix, metadata } = draft;
  if (typeof message !== 'string') throw wrong('message', 'a text', 'Give the message as a text.');
  if (!logLevels.includes(level)) throw wrong('level', `one of ${logLevels.join(', ')}`, 'Use a known level.');
  if (!logTypes.includes(type)) throw wrong('type', `one of ${logTypes.join(', ')}`, 'Use a known type.');
  if (prefix !== undefined && typeof prefix !== 'string') throw wrong('prefix', 'a text', 'Give the prefix as a text.');
  if (metadata === undefined) return draft;
  const given: unknown = metadata;
  if (given instanceof Error) return { ...draft, metadata: { error: given } };
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw wrong('metadata', 'an object or an Error', 'Put the value under a key: { value }.');
  }
  return draft;
}

function wrong(key: string, expected: string, next: string): TaskError {
  return new TaskError('InvalidInput', `The log entry was not written: its ${key} is not ${expected}.`, {
    next: [textStep(next)],
  });
}
