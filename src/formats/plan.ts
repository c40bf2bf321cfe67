import { TaskError } from '../core/errors.ts';
import { textStep } from '../core/next-step.ts';
import { type Plan, planLimits, planSchema } from '../core/plan/plan.ts';
import { parseInput } from '../core/task/create.ts';
import { parseYaml } from './yaml.ts';

/**
 * Reads a plan from YAML or JSON. An item without a key is named by its title.
 *
 * @param name - names the file in messages
 * @throws TaskError `InvalidInput` with line and column for broken YAML, with the key for a wrong value; `TooLarge`
 */
export function readPlan(text: string, name: string): Plan {
  const value = withKeys(parseYaml(text, name));
  try {
    return parseInput(planSchema, value);
  } catch (error) {
    throw TaskError.is(error) ? faultOf(error, value, name) : error;
  }
}

/** The fault of a value with its item: `The plan, item "Build" in "Phase 1": unknown key "instr".` */
function faultOf(error: TaskError, value: unknown, name: string): TaskError {
  const [issue] = (error.details?.issues ?? []) as readonly { readonly path: string; readonly message: string }[];
  if (issue === undefined) return error;
  const path = issue.path === '' ? [] : issue.path.split('.');
  const places: string[] = [];
  let at = value;
  while (path.length > 1 && (path[0] === 'items' || path[0] === 'children') && /^\d+$/.test(path[1] ?? '')) {
    const [list = '', index = ''] = path.splice(0, 2);
    at = (at as Record<string, readonly unknown[]>)[list]?.[Number(index)];
    const { title } = (at ?? {}) as { title?: unknown };
    places.unshift(typeof title === 'string' ? `"${title.slice(0, 80)}"` : String(Number(index) + 1));
  }
  const place = places.length === 0 ? name : `${name}, item ${places.join(' in ')}`;
  const rest = path.join('.');
  // Under `issues`, the command line would report them as faults of its own flags.
  const details = { planIssues: error.details?.issues };
  if (error.code === 'TooLarge' && (rest === 'items' || rest === 'children')) {
    const most = planLimits.items.toLocaleString('en');
    const next = [textStep('Split it into several plans.')];
    return new TaskError('TooLarge', `${place} has more than ${most} items.`, { next, details, cause: error });
  }
  const key = rest === '' ? '' : `${rest}: `;
  return new TaskError(error.code, `${place}: ${key}${issue.message}`, { next: error.next, details, cause: error });
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
