import type { z } from 'zod';
import { metaOf } from '../core/schema-meta.ts';
import type { Unit } from '../core/text/quantity.ts';

/** One value of an operation's input as the command line takes it. */
export interface Flag {
  /** Key of the input: `dependsOn`. */
  readonly key: string;
  /** `depends-on`. */
  readonly name: string;
  readonly type: 'switch' | 'text' | 'integer' | 'number';
  /** The unit of a number. */
  readonly unit: Unit;
  readonly description: string;
  /** One word for a value. */
  readonly value: string;
  /** Takes several values, in a row or repeated. */
  readonly list: boolean;
  /** A list whose values can also stand in one word, with commas between. */
  readonly commas: boolean;
  /** A long text: also taken from a file or from standard input. */
  readonly long: boolean;
  /** `none` removes the value. */
  readonly nullable: boolean;
  /** There is a `--no-…` too. */
  readonly negatable: boolean;
  readonly choices: readonly string[];
  /** Other names that it answers to. */
  readonly aliases: readonly string[];
  /** For other programs; not in the help. */
  readonly hidden?: boolean;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The flags that an operation's input means, in the order of its keys. Structured values are for programs only. */
export function flagsOf(input: z.ZodObject): Flag[] {
  const entries = Object.entries(input.shape).filter(([, schema]) => metaOf(schema)?.['program'] !== true);
  return entries.map(([key, schema]) => flagOf(key, schema));
}

/** A flag of the command line alone. */
export function switchFlag(key: string, description: string): Flag {
  return { ...blank(key), type: 'switch', description };
}

export function integerFlag(key: string, description: string): Flag {
  return { ...blank(key), type: 'integer', description };
}

export function textFlag(key: string, description: string, value: string): Flag {
  return { ...blank(key), description, value };
}

/** A flag with several texts, repeated or separated by commas. */
export function textsFlag(key: string, description: string, value: string): Flag {
  return { ...blank(key), description, value, list: true, commas: true };
}

export function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function flagOf(key: string, schema: z.core.$ZodType): Flag {
  const flag: Mutable<Flag> = blank(key);
  for (let next: z.core.$ZodType | undefined = schema; next !== undefined; next = readLayer(next, flag))
    readMeta(next, flag);
  return flag;
}

function blank(key: string): Flag {
  return {
    key,
    name: kebab(key),
    type: 'text',
    unit: 'count',
    description: '',
    value: '',
    list: false,
    commas: false,
    long: false,
    nullable: false,
    negatable: false,
    choices: [],
    aliases: [],
  };
}

/**
 * Unwraps one layer of a schema (optional, nullable, a list, …) and records it in the flag; undefined at the innermost
 * one.
 */
function readLayer(schema: z.core.$ZodType, flag: Mutable<Flag>): z.core.$ZodType | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'nullable':
      flag.nullable = true;
      return def.innerType;
    case 'optional':
    case 'default':
      return def.innerType;
    case 'pipe':
      return def.in;
    case 'array':
      flag.list = true;
      return def.element;
    case 'enum':
      flag.choices = Object.values(def.entries).map(String);
      return undefined;
    case 'boolean':
      flag.type = 'switch';
      return undefined;
    case 'number':
      flag.type = def.checks?.some((check) => check._zod.def.check === 'number_format') === true ? 'integer' : 'number';
      return undefined;
    default:
      // Text, a union of text and number (read as text), or any value.
      return undefined;
  }
}

/** The outermost description wins, so that each use of a field can have its own. */
function readMeta(schema: z.core.$ZodType, flag: Mutable<Flag>): void {
  const meta = metaOf(schema);
  if (meta === undefined) return;
  if (flag.description === '') flag.description = meta.description ?? '';
  if (flag.value === '' && typeof meta.value === 'string') flag.value = meta.value;
  if (meta.commas === true) flag.commas = true;
  if (meta.text === true) flag.long = true;
  if (meta.unit === 'minutes' || meta.unit === 'dollars') flag.unit = meta.unit;
  if (meta.negatable === true) flag.negatable = true;
  if (Array.isArray(meta.aliases)) flag.aliases = meta.aliases.map(String);
}
