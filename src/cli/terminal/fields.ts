import type { Output } from './output.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * The same output, with only these comma-separated fields of each object that it prints as JSON. In `{ tasks: […] }` the
 * fields are those of the items. A dot leads into an object; a missing field is null.
 */
export function withFields(out: Output, names: string): Output {
  const fields = names.split(',').map((name) => name.trim());
  const wanted = fields.filter((name) => name !== '');
  return {
    ...out,
    json: (value) => out.json(pick(value, wanted)),
    jsonLine: (value) => out.jsonLine(pick(value, wanted)),
  };
}

function pick(value: unknown, fields: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => pick(each, fields));
  if (!isObject(value)) return value;
  const list = fields.some((field) => Object.hasOwn(value, field.split('.')[0] ?? '')) ? undefined : listIn(value);
  if (list !== undefined) return { ...value, [list]: pick(value[list], fields) };
  return Object.fromEntries(fields.map((field) => [field, valueAt(value, field.split('.')) ?? null]));
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
