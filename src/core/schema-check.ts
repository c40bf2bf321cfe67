import type { z } from 'zod';

type Check = (value: unknown) => boolean;

/** The parts of zod's schema definition that are read here. */
interface Definition {
  readonly type: string;
  readonly format?: string;
  readonly checks?: readonly { readonly _zod: { readonly def: Limit } }[];
  readonly shape?: Record<string, z.ZodType>;
  readonly catchall?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly keyType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly entries?: Record<string, unknown>;
  readonly values?: readonly unknown[];
}

interface Limit {
  readonly check: string;
  readonly format?: string;
  readonly pattern?: RegExp;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly value?: number;
  readonly inclusive?: boolean;
}

/**
 * A fast check derived from a schema: it returns only whether a value matches, without a copy or a list of issues. Use
 * it for thousands of values that nearly all match. It accepts nothing that the schema rejects. Validate a rejected
 * value with the schema to get the reason. Unsupported parts of a schema are validated by the schema itself.
 */
export function quickCheck(schema: z.ZodType): Check {
  return madeOnUse(schema);
}

/** Most processes check only a few of all shapes, and most tasks have few of the keys that a task can have. */
function madeOnUse(schema: z.ZodType): Check {
  let made: Check | undefined;
  return (value) => {
    made ??= checkOf(schema);
    return made(value);
  };
}

function checkOf(schema: z.ZodType): Check {
  const definition = definitionOf(schema);
  const kind = kinds[definition.type]?.(definition);
  const limits = (definition.checks ?? []).map(({ _zod }) => limitOf(_zod.def));
  const known = limits.filter((limit) => limit !== undefined);
  if (kind === undefined || definition.format !== undefined || known.length < limits.length) {
    return (value) => schema.safeParse(value).success;
  }
  const [first, ...others] = known;
  if (first === undefined) return kind;
  if (others.length === 0) return (value) => kind(value) && first(value as never);
  return (value) => kind(value) && known.every((limit) => limit(value as never));
}

function definitionOf(schema: z.ZodType): Definition {
  return schema._zod.def as unknown as Definition;
}

const kinds: Record<string, (definition: Definition) => Check | undefined> = {
  unknown: () => () => true,
  boolean: () => (value) => typeof value === 'boolean',
  string: () => (value) => typeof value === 'string',
  number: () => (value) => typeof value === 'number' && Number.isFinite(value),
  enum: ({ entries = {} }) => {
    const all = new Set(Object.values(entries));
    return (value) => all.has(value);
  },
  literal: ({ values = [] }) => {
    const all = new Set(values);
    return (value) => all.has(value);
  },
  optional: ({ innerType }) => {
    const inner = innerType && checkOf(innerType);
    return inner && ((value) => value === undefined || inner(value));
  },
  array: ({ element }) => {
    const inner = element && checkOf(element);
    return inner && ((value) => Array.isArray(value) && allOf(value, inner));
  },
  record: ({ keyType, valueType }) => {
    if (keyType === undefined || valueType === undefined) return undefined;
    if (definitionOf(keyType).type !== 'string' || definitionOf(keyType).checks !== undefined) return undefined;
    const inner = checkOf(valueType);
    return (value) => isPlain(value) && allOf(Object.values(value), inner);
  },
  object: ({ shape = {}, catchall }) => {
    // The schema itself validates objects that reject or strip unknown keys.
    if (catchall === undefined || definitionOf(catchall).type !== 'unknown') return undefined;
    const parts = Object.entries(shape).map(([key, part]) => {
      return { key, check: madeOnUse(part), optional: definitionOf(part).type === 'optional' };
    });
    return (value) => {
      if (!isPlain(value)) return false;
      // Most parts of most tasks are not there: nothing is called for those.
      for (let i = 0; i < parts.length; i += 1) {
        const { key, check, optional } = parts[i] as (typeof parts)[number];
        const part = value[key];
        if (part === undefined ? !optional : !check(part)) return false;
      }
      return true;
    };
  },
};

function limitOf(limit: Limit): ((value: never) => boolean) | undefined {
  const { check, format, pattern, minimum, maximum, value: bound, inclusive } = limit;
  if (check === 'min_length' && minimum !== undefined) return (value: { length: number }) => value.length >= minimum;
  if (check === 'max_length' && maximum !== undefined) return (value: { length: number }) => value.length <= maximum;
  if (check === 'string_format' && format === 'regex' && pattern?.global === false && !pattern.sticky) {
    return (value: string) => pattern.test(value);
  }
  if (check === 'number_format' && format === 'safeint') return (value: number) => Number.isSafeInteger(value);
  if (typeof bound !== 'number') return undefined;
  if (check === 'greater_than') return (value: number) => (inclusive === true ? value >= bound : value > bound);
  if (check === 'less_than') return (value: number) => (inclusive === true ? value <= bound : value < bound);
  return undefined;
}

/** Includes the holes of a list, which `every` skips. */
function allOf(values: readonly unknown[], check: Check): boolean {
  for (const value of values) if (!check(value)) return false;
  return true;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
