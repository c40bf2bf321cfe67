import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import type { Output } from './output.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * The same output, with only these comma-separated fields of each object that it prints as JSON. In `{ tasks: […] }` the
 * fields are those of the items. A dot leads into an object; a missing field is null.
 *
 * @throws TaskError `InvalidInput` without a field
 */
export function withFields(out: Output, names: string): Output {
  const fields = names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (fields.length === 0) {
    throw new TaskError('InvalidInput', '--fields names no field.', {
      next: [textStep('Write for example --fields number,title.')],
    });
  }
  return {
    ...out,
    json: (value) => out.json(chosen(value, fields)),
    jsonLine: (value) => out.jsonLine(chosen(value, fields)),
  };
}

function chosen(value: unknown, fields: readonly string[]): unknown {
  if (!isObject(value) || hasAny(value, fields)) return pick(value, fields);
  const key = listIn(value);
  return key === undefined ? pick(value, fields) : { ...value, [key]: pick(value[key], fields) };
}

function pick(value: unknown, fields: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => pick(each, fields));
  if (!isObject(value)) return value;
  return Object.fromEntries(fields.map((field) => [field, valueAt(value, field.split('.')) ?? null]));
}

/** True for the object that the fields are about, also if it has none of them: a task, an approval. */
function hasAny(value: Json, fields: readonly string[]): boolean {
  return ['id', ...fields].some((field) => Object.hasOwn(value, field.split('.')[0] ?? ''));
}

/** The key of the list, or of the one object, that an answer is about. */
function listIn(value: Json): string | undefined {
  const keys = Object.keys(value);
  return (
    keys.find((key) => Array.isArray(value[key]) && (value[key] as unknown[]).some(isObject)) ??
    keys.find((key) => Array.isArray(value[key])) ??
    keys.find((key) => isObject(value[key]))
  );
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  return isObject(value) && Object.hasOwn(value, key) ? valueAt(value[key], rest) : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
