import type { z } from 'zod';
import { metaOf } from '../../core/schema-meta.ts';

/** A JSON Schema, as short as it can be: a model reads it with every request. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** An object schema, the only kind that a tool may take. */
export interface ObjectSchema extends JsonSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

const MAX_DEPTH = 6;

/**
 * The JSON Schema of an operation's input. It holds types, choices and descriptions only: the operation checks lengths
 * and formats itself, and its message says more than a schema does.
 */
export function objectSchema(input: z.ZodObject, depth = 0): ObjectSchema {
  const entries = Object.entries(input.shape).map(([key, schema]) => [key, jsonSchema(schema, depth + 1)] as const);
  const required = entries.filter(([, { optional }]) => !optional).map(([key]) => key);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([key, { schema }]) => [key, schema])),
    ...(required.length === 0 ? {} : { required }),
  };
}

/** One value; `optional` is true for a key that may be missing. */
function jsonSchema(schema: z.core.$ZodType, depth: number): { schema: JsonSchema; optional: boolean } {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const description = metaOf(schema)?.description;
  const described = (made: JsonSchema): JsonSchema => (description === undefined ? made : { ...made, description });
  const inner = (of: z.core.$ZodType): { schema: JsonSchema; optional: boolean } => jsonSchema(of, depth + 1);
  // Deeper parts are checked by the operation.
  if (depth > MAX_DEPTH) return { schema: {}, optional: false };
  switch (def.type) {
    case 'optional':
    case 'default':
    case 'prefault':
      return { schema: described(inner(def.innerType).schema), optional: true };
    case 'nullable': {
      const { schema: made, optional } = inner(def.innerType);
      return { schema: described(withNull(made)), optional };
    }
    case 'readonly':
    case 'nonoptional':
      return { schema: described(inner(def.innerType).schema), optional: false };
    case 'pipe': {
      const { schema: made, optional } = inner(def.in);
      return { schema: described(made), optional };
    }
    default:
      return { schema: described(plainSchema(schema as z.core.$ZodTypes, depth)), optional: false };
  }
}

function plainSchema(schema: z.core.$ZodTypes, depth: number): JsonSchema {
  const { def } = schema._zod;
  const inner = (of: z.core.$ZodType): JsonSchema => jsonSchema(of, depth + 1).schema;
  switch (def.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return { type: def.type };
    case 'number':
      return { type: isWhole(def.checks) ? 'integer' : 'number' };
    case 'literal':
      return { enum: [...def.values] };
    case 'enum':
      return { enum: Object.values(def.entries) };
    case 'array':
      return { type: 'array', items: inner(def.element) };
    case 'record':
      return { type: 'object' };
    case 'object':
      return objectSchema(schema as unknown as z.ZodObject, depth);
    case 'union':
      return oneOf(def.options.map(inner));
    default:
      return {};
  }
}

function isWhole(checks: readonly z.core.$ZodCheck[] | undefined): boolean {
  return checks?.some((check) => check._zod.def.check === 'number_format') === true;
}

/** Plain types in one list: `{"type":["string","integer"]}`. */
function oneOf(schemas: readonly JsonSchema[]): JsonSchema {
  const isPlain = schemas.every((one) => typeof one.type === 'string' && Object.keys(one).length === 1);
  const distinct = [...new Map(schemas.map((one) => [JSON.stringify(one), one])).values()];
  const [only] = distinct;
  if (only !== undefined && distinct.length === 1) return only;
  return isPlain ? { type: distinct.map((one) => one.type) } : { anyOf: distinct };
}

function withNull(schema: JsonSchema): JsonSchema {
  if (typeof schema.type === 'string') return { ...schema, type: [schema.type, 'null'] };
  return { anyOf: [schema, { type: 'null' }] };
}
