import type { z } from 'zod';
import { sameWord } from '../text/suggestion.ts';

type Issues = readonly z.core.$ZodIssue[];
type Path = readonly PropertyKey[];

/** Parses a value. A text that differs from an allowed word only in case, hyphens or underscores counts as that word. */
export function parseAnyCase<S extends z.ZodType>(schema: S, value: unknown): z.ZodSafeParseResult<z.output<S>> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed;
  const corrections = [...correctionsOf(parsed.error.issues, [])];
  if (corrections.length === 0) return parsed;
  const corrected = corrections.reduce((result, { path, word }) => withValue(result, path, word), value);
  return schema.safeParse(corrected, { reportInput: true });
}

function* correctionsOf(issues: Issues, above: Path): Iterable<{ readonly path: Path; readonly word: string }> {
  for (const issue of issues) {
    const path = [...above, ...issue.path];
    if (issue.code === 'invalid_union') for (const inner of issue.errors) yield* correctionsOf(inner, path);
    if (issue.code !== 'invalid_value' || typeof issue.input !== 'string') continue;
    const word = sameWord(
      issue.input,
      issue.values.filter((each) => typeof each === 'string'),
    );
    if (word !== undefined) yield { path, word };
  }
}

/** A copy with another value at a path. */
function withValue(value: unknown, [key, ...rest]: Path, word: string): unknown {
  if (key === undefined) return word;
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<PropertyKey, unknown> = Array.isArray(value) ? ([...value] as never) : { ...value };
  copy[key] = withValue(copy[key], rest, word);
  return copy;
}
