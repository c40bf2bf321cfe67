/** Limits for values from outside. */
export interface ValueLimits {
  readonly depth: number;
  /** Strings, numbers, keys … all together. */
  readonly nodes: number;
  readonly stringChars: number;
}

export const metadataLimits: ValueLimits = { depth: 16, nodes: 5_000, stringChars: 64 * 1024 };

/**
 * Copies a JSON-like value from outside with limited depth and size, so that it is safe to store. Maps each string with
 * `mapString`. A marker replaces omitted parts.
 */
export function boundedValue(
  value: unknown,
  mapString: (text: string) => string,
  limits: ValueLimits = metadataLimits,
): unknown {
  let nodes = limits.nodes;
  const copy = (part: unknown, depth: number): unknown => {
    nodes -= 1;
    if (typeof part === 'string') return boundedText(part, mapString, limits.stringChars);
    if (typeof part === 'number') return Number.isFinite(part) ? part : String(part);
    if (typeof part === 'boolean' || part === null || part === undefined) return part;
    if (typeof part !== 'object') return boundedText(String(part), mapString, limits.stringChars);
    if (depth >= limits.depth) return '[left out: too deep]';
    return Array.isArray(part) ? copyArray(part, depth + 1) : copyObject(part, depth + 1);
  };
  const copyArray = (items: readonly unknown[], depth: number): unknown[] => {
    const kept: unknown[] = [];
    for (const item of items) {
      if (nodes <= 0) return [...kept, `[left out: ${items.length - kept.length} more]`];
      kept.push(copy(item, depth));
    }
    return kept;
  };
  const copyObject = (object: object, depth: number): Record<string, unknown> => {
    const kept: [string, unknown][] = [];
    const entries = Object.entries(object);
    for (const [key, item] of entries) {
      if (nodes <= 0) {
        kept.push(['…', `[left out: ${entries.length - kept.length} more]`]);
        break;
      }
      kept.push([boundedText(key, mapString, limits.stringChars), copy(item, depth)]);
    }
    // fromEntries defines own properties: a key `__proto__` is an ordinary key.
    return Object.fromEntries(kept);
  };
  return copy(value, 0);
}

/**
 * Applies `mapString` to one string and truncates it. Passes slightly more than the limit, for matches that cross it.
 */
export function boundedText(text: string, mapString: (text: string) => string, chars: number): string {
  if (text.length <= chars) return mapString(text);
  const kept = mapString(text.slice(0, chars + MAP_AHEAD_CHARS)).slice(0, chars);
  return `${kept.replace(TORN_PAIR, '')}… [${text.length - chars} more characters]`;
}

/** The first files of a list. The name for the rest leads out of every folder, so that no rule covers it. */
export function boundedFiles(files: readonly string[], most: number): string[] {
  if (files.length <= most) return [...files];
  return [...files.slice(0, most - 1), `../… and ${files.length - most + 1} more`];
}

const MAP_AHEAD_CHARS = 4_096;
const TORN_PAIR = /[\ud800-\udbff]$/;
