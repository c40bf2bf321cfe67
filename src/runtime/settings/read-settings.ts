import { lstatSync, realpathSync } from 'node:fs';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { readRegular } from '../../machine/read-regular.ts';
import type { SettingsFile } from './settings-schema.ts';

/** The readable parts of a settings file. */
export interface SettingsReading {
  readonly settings: SettingsFile;
  /** The faults of the file, each as a sentence. The values with a fault are left out of `settings`. */
  readonly problems: readonly string[];
  /** The problems that may hide a limit or a rule that denies. */
  readonly unread: readonly string[];
}

/** More faults than these are not reported one by one. */
const FAULTS = 50;

const MAX_BYTES = 4_000_000;

/**
 * Reads one settings file. A missing file is an empty one. A person may keep the file of the machine elsewhere and link
 * to it (`follows`); a link in a folder can come from anyone.
 */
export async function readSettingsFile(file: string, { follows = false } = {}): Promise<SettingsReading> {
  const broken = (problem: string): SettingsReading => ({ settings: {}, problems: [problem], unread: [problem] });
  let value: unknown;
  try {
    // Most folders have none, and an error that is only caught costs more than the look.
    if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return { settings: {}, problems: [], unread: [] };
    // Editors on Windows write a byte order mark, which JSON does not have.
    value = JSON.parse(
      (await readRegular(follows ? realpathSync.native(file) : file, MAX_BYTES)).replace(/^\uFEFF/, ''),
    );
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      return { settings: {}, problems: [], unread: [] };
    }
    return broken(`${file}: ${(error as Error).message}`);
  }
  // Most folders have no such file: the schema loads only with one.
  const [{ settingsSchema }, { misspelledKeys }] = await Promise.all([
    import('./settings-schema.ts'),
    import('./misspelled-keys.ts'),
  ]);
  const problems: string[] = [];
  const unread: string[] = [];
  for (const { path, meant } of misspelledKeys(value, settingsSchema)) {
    const problem = `${file}: unknown key "${sanitizeLine(path.join('.'))}". Did you mean "${meant}"?`;
    problems.push(problem);
    // A misspelled limit or rule has no effect.
    const [first] = path.length === 1 ? [meant] : path;
    if (first === 'budget' || first === 'rules') unread.push(problem);
  }
  for (let fault = 0; fault < FAULTS; fault += 1) {
    const parsed = settingsSchema.safeParse(value);
    if (parsed.success) return { settings: parsed.data, problems, unread };
    const [issue] = parsed.error.issues;
    const path = issue?.path ?? [];
    const problem = `${file}: ${path.join('.')}: ${issue?.message}`;
    if (path.length === 0) return broken(problem);
    // A rule counts as a whole: half of one would mean something else.
    const place = path[0] === 'rules' ? path.slice(0, 2) : path;
    problems.push(problem);
    if (mayForbid(place, valueAt(value, place))) unread.push(problem);
    value = without(value, place);
  }
  return broken(`${file}: it has more than ${FAULTS} faults.`);
}

function mayForbid([key, index]: readonly PropertyKey[], value: unknown): boolean {
  if (key === 'budget') return true;
  if (key !== 'rules') return false;
  return index === undefined || typeof value !== 'object' || value === null || !('allow' in value);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (part, key) =>
      typeof part === 'object' && part !== null ? (part as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/** A copy without the value at a path, or without the nearest existing value above it. */
function without(value: unknown, path: readonly PropertyKey[]): unknown {
  const copy: unknown = structuredClone(value);
  const at = path.findIndex((_, depth) => valueAt(copy, path.slice(0, depth + 1)) === undefined);
  const place = at < 0 ? path : path.slice(0, Math.max(1, at));
  const holder = valueAt(copy, place.slice(0, -1));
  const key = place.at(-1);
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else if (typeof holder === 'object' && holder !== null && key !== undefined) Reflect.deleteProperty(holder, key);
  return copy;
}
