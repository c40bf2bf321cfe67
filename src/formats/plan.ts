import { type Plan, planSchema } from '../core/plan/plan.ts';
import { parseInput } from '../core/task/create.ts';
import { parseYaml } from './yaml.ts';

/**
 * Reads a plan from YAML or JSON. An item without a key is named by its title.
 *
 * @param name - names the file in messages
 * @throws TaskError `InvalidInput` with line and column for broken YAML, with the key for a wrong value; `TooLarge`
 */
export function readPlan(text: string, name: string): Plan {
  return parseInput(planSchema, withKeys(parseYaml(text, name)));
}

/** Adds the missing keys; everything else is left to the schema. */
function withKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = { ...value };
  for (const list of ['items', 'children']) {
    const items = copy[list];
    if (Array.isArray(items)) copy[list] = items.map((item: unknown) => withKey(withKeys(item)));
  }
  return copy;
}

function withKey(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item;
  const { title } = item as { title?: unknown };
  return typeof title === 'string' && title.trim() !== '' ? { key: title.trim().slice(0, 200), ...item } : item;
}
