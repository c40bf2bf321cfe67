import { z } from 'zod';
import { closest } from '../../core/text/closest.ts';

/** An unknown key, with the setting that its writer probably intended. */
export interface MisspelledKey {
  /** The key with the keys above it. */
  readonly path: readonly string[];
  readonly meant: string;
}

/** Finds misspelled keys. Other unknown keys are allowed: a newer version may have written them. */
export function misspelledKeys(value: unknown, schema: z.ZodType, above: readonly string[] = []): MisspelledKey[] {
  const { shape } = objectOf(schema) ?? {};
  if (shape === undefined || typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const known = Object.keys(shape);
  return Object.entries(value).flatMap(([key, part]): MisspelledKey[] => {
    const path = [...above, key];
    const inner = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (inner !== undefined) return misspelledKeys(part, inner as z.ZodType, path);
    const meant = closest(key, known);
    return meant === undefined ? [] : [{ path, meant }];
  });
}

function objectOf(schema: z.ZodType): z.ZodObject | undefined {
  if (schema instanceof z.ZodOptional) return objectOf(schema.unwrap() as z.ZodType);
  return schema instanceof z.ZodObject ? schema : undefined;
}
