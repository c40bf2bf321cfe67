import { z } from 'zod';
import { sanitizeLine } from '../text/sanitize.ts';
import { didYouMean } from '../text/suggestion.ts';

/** Reports an unknown key with the probably intended one. */
export function unknownKeyWords(keys: readonly string[], known: readonly string[]): string {
  return keys
    .slice(0, 5)
    .map((key) => {
      const hint = didYouMean(key, known) ?? `Known: ${known.join(', ')}.`;
      return `unknown key "${sanitizeLine(key).slice(0, 100)}". ${hint}`;
    })
    .join(' ');
}

/** Keys of the object that a path leads to; empty if the schema has none there. */
export function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: unknown = schema;
  for (const key of path) {
    const inner = unwrapped(at);
    at =
      inner instanceof z.ZodArray ? inner.element : inner instanceof z.ZodObject ? inner.shape[String(key)] : undefined;
  }
  const found = unwrapped(at);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}

function unwrapped(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? unwrapped(schema.unwrap()) : schema;
}
