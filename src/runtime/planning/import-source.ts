import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { planLimits } from '../../core/plan/plan.ts';
import { readBeside, readSourceFile, sourceName } from './source-file.ts';

/** Files of one import. */
export interface ImportSource {
  /** Name of the file or folder in the source of the plan. */
  readonly name: string;
  readonly files: readonly { readonly name: string; readonly text: string }[];
  /** Kiro's `requirements.md`, if it is beside the tasks. */
  readonly requirements?: string | undefined;
}

/** Places of the tools' files in a folder. A star stands for every file with this ending. */
const places = [
  ['.taskmaster/tasks/tasks.json'],
  ['tasks/tasks.json'],
  ['tasks.json'],
  ['.beads/issues.jsonl'],
  ['issues.jsonl'],
  ['backlog/tasks/*.md', 'backlog/completed/*.md', 'backlog/archive/tasks/*.md', 'backlog/drafts/*.md'],
  ['tasks/*.md', 'completed/*.md', 'archive/tasks/*.md', 'drafts/*.md'],
  ['tasks.md'],
  ['*.json'],
] as const;

/**
 * Reads the files to import: the file itself, or the files of a known tool in a folder. Links in a folder are not followed.
 *
 * @throws TaskError `InvalidInput` if nothing is found, `TooLarge`
 */
export async function readImportSource(folder: string, path: string): Promise<ImportSource> {
  const full = resolve(folder, path);
  const isFolder = await stat(full).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    const source = await readSourceFile(folder, path);
    const { name, text } = source;
    return { name, files: [{ name, text }], requirements: await readBeside(source, 'requirements.md') };
  }
  const name = sourceName(folder, full);
  for (const place of places) {
    const found = (await Promise.all(place.map((pattern) => filesOf(full, pattern)))).flat();
    if (found.length === 0) continue;
    if (found.length > planLimits.items) {
      throw new TaskError('TooLarge', `${name} has ${found.length} task files; the limit is ${planLimits.items}.`);
    }
    const files = [];
    let requirements: string | undefined;
    for (const file of found) {
      const source = await readSourceFile(full, file);
      files.push({ name: file, text: source.text });
      if (place[0] === 'tasks.md') requirements = await readBeside(source, 'requirements.md');
    }
    return { name, files, requirements };
  }
  throw new TaskError('InvalidInput', `${name} has no tasks of a known tool.`, {
    next: [textStep('Name the file with the tasks.')],
  });
}

async function filesOf(folder: string, pattern: string): Promise<string[]> {
  const at = pattern.lastIndexOf('/') + 1;
  const [place, name] = [pattern.slice(0, at), pattern.slice(at)];
  const entries: Dirent[] = await readdir(join(folder, place), { withFileTypes: true }).catch(() => []);
  const matches = (file: string): boolean =>
    name === '*.json'
      ? /^\d{1,9}\.json$/.test(file)
      : name.startsWith('*')
        ? file.endsWith(name.slice(1))
        : file === name;
  return entries
    .filter((entry) => entry.isFile() && matches(entry.name))
    .map((entry) => `${place}${entry.name}`)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}
