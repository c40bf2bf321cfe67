import { TaskError } from '../errors.ts';
import { textStep } from '../next-step.ts';
import { limits } from './values.ts';

/**
 * A copy of a caller's value, equal to the value read back from disk. Later changes to the original do not affect it,
 * and memory never holds more than the files.
 *
 * @throws TaskError `InvalidInput` for values without a JSON form, `TooLarge` over `limits.jsonChars`
 */
export function jsonCopy(value: unknown, field: string): unknown {
  let text: string | undefined;
  try {
    text = JSON.stringify(value, plainErrors);
  } catch (cause) {
    throw new TaskError('InvalidInput', `${field}: it cannot be written as JSON.`, {
      next: [textStep('Give plain data: no circles, no big integers.')],
      cause,
    });
  }
  // A function or a symbol: JSON leaves it out.
  if (text === undefined) return undefined;
  if (text.length > limits.jsonChars) {
    throw new TaskError('TooLarge', `${field}: it has ${text.length} characters; ${limits.jsonChars} are allowed.`, {
      next: [textStep('Put it into a file and name the file.')],
    });
  }
  return JSON.parse(text);
}

/** Replacer for `JSON.stringify`: an Error becomes an object with its name, message, code, stack and cause. */
export function plainErrors(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  const code = 'code' in value ? { code: value.code } : {};
  return { name, message, ...code, stack, ...(cause === undefined ? {} : { cause }) };
}

/** The same for an object. */
export function jsonObject(value: object, field: string): Record<string, unknown> {
  const copy = jsonCopy(value, field);
  // Its own `toJSON` can return any value.
  if (typeof copy === 'object' && copy !== null && !Array.isArray(copy)) return copy as Record<string, unknown>;
  throw new TaskError('InvalidInput', `${field}: it is not an object.`);
}
