import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import { suggestions } from '../../core/next-step.ts';
import { sameWord } from '../../core/text/suggestion.ts';
import { builtInTemplates } from '../../formats/template/built-in.ts';
import { readRegular } from '../../machine/read-regular.ts';
import { type Environment, machineFolder } from '../../store/machine-folder.ts';
import { makeFolders } from '../../store/make-folders.ts';

export type TemplateOrigin = 'workspace' | 'user' | 'built-in';

/** A template's text and its place. */
export interface TemplateSource {
  /** File name without its extension; the name that commands take. */
  readonly name: string;
  readonly origin: TemplateOrigin;
  /** Undefined for a built-in template. */
  readonly file?: string | undefined;
  readonly text: string;
}

const MAX_BYTES = 256_000;
const MAX_FILES = 500;
const NAME = /^[\w-][\w. -]{0,99}$/;

/** Template folders in order of precedence: the workspace's, then the user's own. */
function folders(workspace: string, env: Environment): { origin: TemplateOrigin; folder: string }[] {
  return [
    { origin: 'workspace', folder: workspaceTemplates(workspace) },
    { origin: 'user', folder: join(machineFolder(env), 'templates') },
  ];
}

function workspaceTemplates(workspace: string): string {
  return join(workspace, '.systemprompt', 'templates');
}

/**
 * All templates by name, sorted: a template of the workspace hides one of the person with the same name, and that hides
 * a built-in one. A file that cannot be read is reported as a problem.
 */
export async function findTemplates(
  workspace: string,
  env: Environment = process.env,
): Promise<{ readonly templates: readonly TemplateSource[]; readonly problems: readonly string[] }> {
  const found = new Map<string, TemplateSource>();
  const problems: string[] = [];
  for (const { origin, folder } of folders(workspace, env)) {
    for (const entry of await filesIn(folder)) {
      const name = entry.replace(/\.ya?ml$/, '');
      if (found.has(name)) continue;
      const file = join(folder, entry);
      try {
        found.set(name, { name, origin, file, text: await readRegular(file, MAX_BYTES) });
      } catch (error) {
        problems.push(`${file}: ${(error as Error).message}`);
      }
    }
  }
  for (const [name, text] of Object.entries(builtInTemplates)) {
    if (!found.has(name)) found.set(name, { name, origin: 'built-in', text });
  }
  return { templates: [...found.values()].sort((a, b) => a.name.localeCompare(b.name, 'en')), problems };
}

/** @throws TaskError `InvalidInput` with the known names */
export async function findTemplate(workspace: string, name: string, env?: Environment): Promise<TemplateSource> {
  const { templates } = await findTemplates(workspace, env);
  const names = templates.map((template) => template.name);
  const exact = names.includes(name) ? name : sameWord(name, names);
  const found = templates.find((template) => template.name === exact);
  if (found !== undefined) return found;
  throw new TaskError('InvalidInput', `There is no template "${name}". Templates: ${names.join(', ')}.`, {
    next: suggestions(name, names),
  });
}

/**
 * Writes a new template file of the workspace. An existing file is never replaced.
 *
 * @returns the path of the file
 * @throws TaskError `InvalidInput` for a name that is no file name, or one that exists
 */
export async function writeTemplate(workspace: string, name: string, text: string): Promise<string> {
  if (!NAME.test(name)) {
    throw new TaskError('InvalidInput', `"${name}" is no name for a template: use letters, digits, "-" and "_".`);
  }
  const folder = workspaceTemplates(workspace);
  await makeFolders(folder);
  for (const each of [join(workspace, '.systemprompt'), folder]) {
    if ((await lstat(each)).isSymbolicLink()) throw new TaskError('InvalidInput', `${each} is a symbolic link.`);
  }
  const file = join(folder, `${name}.yml`);
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(text).finally(() => handle.close());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new TaskError('InvalidInput', `The template "${name}" exists: ${file}.`, { cause: error });
  }
  return file;
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    // A linked folder could lead anywhere.
    if ((await lstat(folder)).isSymbolicLink()) return [];
    return (await readdir(folder))
      .filter((entry) => /\.ya?ml$/.test(entry))
      .sort()
      .slice(0, MAX_FILES);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
