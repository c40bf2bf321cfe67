import { TaskError } from '../core/errors.ts';
import { textStep } from '../core/next-step.ts';
import type { TaskStore } from '../store/task-store.ts';
import type { Flag } from './flags.ts';

/** Names the task with the highest number. */
const LAST = '@last';
/** A shorter prefix is more often a typing error than an id. */
const MIN_CHARS = 4;

/**
 * The values of a call with full ids in place of unique prefixes of ids. A convenience of the command line for commands
 * that can be undone: destructive operations and the library take exact names only.
 *
 * @throws TaskError `AmbiguousTask` for a prefix of several ids
 */
export async function withFullIds(
  values: Readonly<Record<string, unknown>>,
  flags: readonly Flag[],
  store: TaskStore,
): Promise<Record<string, unknown>> {
  const full: Record<string, unknown> = { ...values };
  for (const { key, value } of flags) {
    if (value !== 'task') continue;
    const given = full[key];
    if (typeof given === 'string') full[key] = await fullId(given, store);
    else if (Array.isArray(given)) full[key] = await Promise.all(given.map((one) => fullId(String(one), store)));
  }
  return full;
}

/** The id with this prefix, or the reference itself. */
export async function fullId(reference: string, store: TaskStore): Promise<string> {
  const prefix = reference.trim();
  if (prefix === LAST) return newestId(store) ?? reference;
  if (prefix.length < MIN_CHARS || (await isName(prefix, store))) return reference;
  const ids = [...store.view.all(), ...(await store.archive.names())].map(({ id }) => id);
  const [only, ...others] = ids.filter((id) => id.startsWith(prefix));
  if (only === undefined || others.length === 0) return only ?? reference;
  throw new TaskError('AmbiguousTask', `"${prefix}" is the prefix of ${others.length + 1} ids.`, {
    next: [textStep('Use the number of the task.')],
  });
}

async function isName(reference: string, store: TaskStore): Promise<boolean> {
  try {
    store.resolve(reference);
    return true;
  } catch (error) {
    // An ambiguous title is a name, too: the operation lists its candidates.
    if (!TaskError.is(error, 'TaskNotFound')) return true;
    return (await store.archive.find(reference)) !== undefined;
  }
}

function newestId(store: TaskStore): string | undefined {
  let newest: { readonly id: string; readonly number: number } | undefined;
  for (const task of store.view.all()) if (newest === undefined || task.number > newest.number) newest = task;
  return newest?.id;
}
