import type { z } from 'zod';

/** The parts of zod's schema definition that are read here. */
interface Definition {
  readonly type: string;
  readonly format?: string;
  readonly checks?: readonly { readonly _zod: { readonly def: LimitDefinition } }[];
  readonly shape?: Record<string, z.ZodType>;
  readonly catchall?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly keyType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly entries?: Record<string, unknown>;
  readonly values?: readonly unknown[];
}

interface LimitDefinition {
  readonly check: string;
  readonly format?: string;
  readonly pattern?: RegExp;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly value?: number;
  readonly inclusive?: boolean;
}

/** Limits of a value: of its length, its text or its size. */
export interface Limits {
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Source and flags of a regular expression. */
  readonly pattern?: readonly [source: string, flags: string];
  readonly integer?: true;
  readonly over?: number;
  readonly atLeast?: number;
  readonly under?: number;
  readonly atMost?: number;
}

/** A schema as JSON, so that the build can store it. `schema` stands for a part that only the schema can check. */
export type Shape = { readonly limits?: Limits } & (
  | { readonly kind: 'schema' | 'unknown' | 'boolean' | 'string' | 'number' }
  | { readonly kind: 'oneOf'; readonly values: readonly unknown[] }
  | { readonly kind: 'optional' | 'array' | 'record'; readonly of: Shape }
  | { readonly kind: 'object'; readonly keys: Readonly<Record<string, Shape>> }
);

export type ObjectShape = Extract<Shape, { readonly kind: 'object' }>;

/** The shape of a schema. */
export function shapeOf(schema: z.ZodType): Shape {
  const definition = definitionOf(schema);
  const shape = kinds[definition.type]?.(definition);
  const found = (definition.checks ?? []).map(({ _zod }) => limitOf(_zod.def));
  const limits: Limits = Object.assign({}, ...found);
  // Two limits of one kind are one here.
  const isKnown = !found.includes(undefined) && Object.keys(limits).length === found.length;
  if (shape === undefined || definition.format !== undefined || !isKnown) return { kind: 'schema' };
  return found.length === 0 ? shape : { ...shape, limits };
}

/** The schema of the values of a list or a record, or of an optional value. */
export function innerSchema(schema: z.ZodType): z.ZodType | undefined {
  const { innerType, element, valueType } = definitionOf(schema);
  return innerType ?? element ?? valueType;
}

/** The schema of a key of an object. */
export function keySchema(schema: z.ZodType, key: string): z.ZodType | undefined {
  return definitionOf(schema).shape?.[key];
}

function definitionOf(schema: z.ZodType): Definition {
  return schema._zod.def as unknown as Definition;
}

const kinds: Record<string, (definition: Definition) => Shape | undefined> = {
  unknown: () => ({ kind: 'unknown' }),
  boolean: () => ({ kind: 'boolean' }),
  string: () => ({ kind: 'string' }),
  number: () => ({ kind: 'number' }),
  enum: ({ entries = {} }) => ({ kind: 'oneOf', values: Object.values(entries) }),
  literal: ({ values = [] }) => (values.every(isJson) ? { kind: 'oneOf', values } : undefined),
  optional: ({ innerType }) => innerType && { kind: 'optional', of: shapeOf(innerType) },
  array: ({ element }) => element && { kind: 'array', of: shapeOf(element) },
  record: ({ keyType, valueType }) => {
    if (keyType === undefined || valueType === undefined) return undefined;
    if (definitionOf(keyType).type !== 'string' || definitionOf(keyType).checks !== undefined) return undefined;
    return { kind: 'record', of: shapeOf(valueType) };
  },
  object: ({ shape = {}, catchall }) => {
    // One that refuses or drops unknown keys is left to the schema.
    if (catchall === undefined || definitionOf(catchall).type !== 'unknown') return undefined;
    return {
      kind: 'object',
      keys: Object.fromEntries(Object.entries(shape).map(([key, part]) => [key, shapeOf(part)])),
    };
  },
};

function isJson(value: unknown): boolean {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

function limitOf(limit: LimitDefinition): Limits | undefined {
  const { check, format, pattern, minimum, maximum, value: bound, inclusive } = limit;
  if (check === 'min_length' && minimum !== undefined) return { minLength: minimum };
  if (check === 'max_length' && maximum !== undefined) return { maxLength: maximum };
  if (check === 'string_format' && format === 'regex' && pattern?.global === false && !pattern.sticky) {
    return { pattern: [pattern.source, pattern.flags] };
  }
  if (check === 'number_format' && format === 'safeint') return { integer: true };
  if (typeof bound !== 'number' || !Number.isFinite(bound)) return undefined;
  if (check === 'greater_than') return inclusive === true ? { atLeast: bound } : { over: bound };
  if (check === 'less_than') return inclusive === true ? { atMost: bound } : { under: bound };
  return undefined;
}
