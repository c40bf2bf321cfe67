import type { z } from 'zod';
import { innerSchema, keySchema, type Limits, type Shape, shapeOf } from './schema-shape.ts';

type Check = (value: unknown) => boolean;
type SchemaOf = () => z.ZodType | undefined;

/**
 * A fast check derived from a schema: it returns only whether a value matches, without a copy or a list of issues. Use
 * it for thousands of values that nearly all match. It accepts nothing that the schema rejects. Validate a rejected
 * value with the schema to get the reason. Unsupported parts of a schema are validated by the schema itself.
 *
 * @param shape the shape of the schema, if the build stored it: the schema is then built only for parts that need it
 */
export function quickCheck(schema: z.ZodType, shape?: Shape): Check {
  return onUse(() => checkOf(shape ?? shapeOf(schema), () => schema));
}

/** Most processes check only a few of all shapes, and most tasks have few of the keys that a task can have. */
function onUse(make: () => Check): Check {
  let made: Check | undefined;
  return (value) => {
    made ??= make();
    return made(value);
  };
}

function checkOf(shape: Shape, schemaOf: SchemaOf): Check {
  const kind = kindOf(shape, schemaOf);
  const limits = limitChecks(shape.limits);
  const [first, ...others] = limits;
  if (first === undefined) return kind;
  if (others.length === 0) return (value) => kind(value) && first(value as never);
  return (value) => kind(value) && limits.every((limit) => limit(value as never));
}

function kindOf(shape: Shape, schemaOf: SchemaOf): Check {
  const inner = (): z.ZodType | undefined => {
    const schema = schemaOf();
    return schema && innerSchema(schema);
  };
  switch (shape.kind) {
    case 'schema':
      return (value) => schemaOf()?.safeParse(value).success === true;
    case 'unknown':
      return () => true;
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'string':
      return (value) => typeof value === 'string';
    case 'number':
      return (value) => typeof value === 'number' && Number.isFinite(value);
    case 'oneOf': {
      const all = new Set(shape.values);
      return (value) => all.has(value);
    }
    case 'optional': {
      const check = checkOf(shape.of, inner);
      return (value) => value === undefined || check(value);
    }
    case 'array': {
      const check = checkOf(shape.of, inner);
      return (value) => Array.isArray(value) && allOf(value, check);
    }
    case 'record': {
      const check = checkOf(shape.of, inner);
      return (value) => isPlain(value) && allOf(Object.values(value), check);
    }
    case 'object':
      return objectCheck(shape.keys, schemaOf);
  }
}

function objectCheck(keys: Readonly<Record<string, Shape>>, schemaOf: SchemaOf): Check {
  const parts = Object.entries(keys).map(([key, shape]) => {
    const schema: SchemaOf = () => {
      const whole = schemaOf();
      return whole && keySchema(whole, key);
    };
    return { key, check: onUse(() => checkOf(shape, schema)), optional: shape.kind === 'optional' };
  });
  return (value) => {
    if (!isPlain(value)) return false;
    // Most parts of most tasks are absent, so absent parts are skipped.
    for (let i = 0; i < parts.length; i += 1) {
      const { key, check, optional } = parts[i] as (typeof parts)[number];
      const part = value[key];
      if (part === undefined ? !optional : !check(part)) return false;
    }
    return true;
  };
}

function limitChecks({
  minLength,
  maxLength,
  pattern,
  integer,
  over,
  atLeast,
  under,
  atMost,
}: Limits = {}): ((value: never) => boolean)[] {
  const checks: ((value: never) => boolean)[] = [];
  if (minLength !== undefined) checks.push((value: { length: number }) => value.length >= minLength);
  if (maxLength !== undefined) checks.push((value: { length: number }) => value.length <= maxLength);
  if (pattern !== undefined) {
    const [source, flags] = pattern;
    const expression = new RegExp(source, flags);
    checks.push((value: string) => expression.test(value));
  }
  if (integer === true) checks.push((value: number) => Number.isSafeInteger(value));
  if (over !== undefined) checks.push((value: number) => value > over);
  if (atLeast !== undefined) checks.push((value: number) => value >= atLeast);
  if (under !== undefined) checks.push((value: number) => value < under);
  if (atMost !== undefined) checks.push((value: number) => value <= atMost);
  return checks;
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
