/** Deeper values make programs that read them fail, and fill a file with indentation. */
const MAX_DEPTH = 100;

/** Whether objects and lists are nested in each other more often than a task can need. */
export function isTooDeep(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth > MAX_DEPTH) return true;
  if (Array.isArray(value)) {
    for (const part of value) if (holdsParts(part) && isTooDeep(part, depth + 1)) return true;
    return false;
  }
  // Not `Object.values`: this is asked of each part of each task that is read, and would make a list of each.
  for (const key in value) {
    const part = (value as Record<string, unknown>)[key];
    if (holdsParts(part) && isTooDeep(part, depth + 1)) return true;
  }
  return false;
}

function holdsParts(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
