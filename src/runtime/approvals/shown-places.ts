import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Searched, searchedBy } from '../../core/policy/searched-by.ts';
import { isSecretPath } from '../../core/policy/secret-names.ts';
import { folderOf, type Places, toolUseOf } from '../../core/policy/tool-request.ts';
import type { ApprovalDetail } from '../../core/task/approval-schema.ts';
import { Git } from '../worktrees/git.ts';
import { realPlace } from './places.ts';

/** Without git, the maximum number of folder entries to check; a larger folder counts as holding secrets. */
const ENTRIES = 20_000;
/** Tools that list names and show no contents. */
const lists = /glob|list|^ls$|find_?files?$/i;

/** Files with which a folder overrules `.gitignore` for search programs. */
const searchSettings = /(^|\/)\.(ignore|rgignore|agignore)$/;

/**
 * The secret files that a request exposes without naming them: by a search of a folder that contains some, or by a diff
 * that changes one. An undefined place is a folder that cannot be searched.
 *
 * @param places the places that the request names (`placesOf`)
 */
export async function shownPlaces(cwd: string, detail: ApprovalDetail, places: Places): Promise<Places> {
  const use = toolUseOf(detail);
  if (use.category === 'code_execution') {
    const searched = searchedBy(use.words ?? []);
    return searched === undefined ? [] : secretsOf(await shownBy(cwd, use.words ?? [], searched));
  }
  const isSearch = use.category === 'file_operations' && use.access === 'read' && detail.toolKind === 'search';
  if (!isSearch || lists.test(detail.toolName ?? '')) return [];
  const folders = places.filter((place) => place !== undefined).map((place) => folderOf(place));
  const paths = folders.filter((folder) => folder !== undefined);
  return paths.length === 0 ? [] : secretsOf(await filesIn(cwd, paths, true));
}

/** True if git ignores one of these files, so that no diff shows it, and if git does not answer. */
export async function mayBeIgnored(cwd: string, places: Places): Promise<boolean> {
  const named = places.filter((place) => place !== undefined);
  const { code, stderr } = await ask(new Git(cwd), ['check-ignore', '--quiet', '--stdin', '-z'], named.join('\0'));
  // Exit code 1: no path is ignored, or there is no repository.
  return code !== 1 && !(code === 128 && /not a git repository/.test(stderr));
}

function secretsOf(files: Places): Places {
  return files.filter((file) => file === undefined || isSecretPath(file));
}

async function shownBy(cwd: string, words: readonly string[], { how, paths }: Searched): Promise<Places> {
  if (how === 'changed') return changedBy(cwd, words, paths);
  if (how === 'tracked') return listed(cwd, ['ls-files', '-z'], paths);
  const real = await Promise.all(paths.map((path) => realPlace(cwd, path)));
  const inside = real.filter((path) => path !== undefined);
  // A search program follows a link that it is given by name.
  return inside.length < real.length ? [undefined] : filesIn(cwd, inside, false);
}

/** The files of a diff. The revisions and paths are those of the command, which runs them itself if it is allowed. */
async function changedBy(cwd: string, words: readonly string[], paths: readonly string[]): Promise<Places> {
  const [, task = ''] = words;
  const limits = words.slice(2).filter((word) => /^--(cached|staged|merge-base)$/.test(word));
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  // `HEAD:path` is one file by its name, which is a place of the request; the rest are revisions and paths.
  const revisions = words.slice(2, end).filter((word) => !word.startsWith('-') && !word.includes(':'));
  if (task !== 'diff' && task !== 'show') return listed(cwd, ['ls-files', '-z'], paths);
  const format = task === 'show' ? ['--format='] : [];
  const args = [task, '--name-only', '-z', '--no-renames', '--no-ext-diff', '--no-textconv', ...format, ...limits];
  const { code, stdout } = await ask(new Git(cwd), [
    ...args,
    ...revisions,
    ...(paths.length > 0 ? ['--', ...paths] : []),
  ]);
  return code === 0 ? partsOf(stdout) : listed(cwd, ['ls-files', '-z'], paths);
}

/**
 * The files in these folders that git does not ignore; without git, all files. Search programs also search an ignored
 * folder that they are given by name, and what a file for search programs includes again.
 */
async function filesIn(cwd: string, paths: readonly string[], hidden: boolean): Promise<Places> {
  const known = await listed(cwd, ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], paths);
  const named = paths.filter((path) => !/^(\.\/?)?$/.test(path));
  const isWider =
    known.some((file) => file !== undefined && searchSettings.test(file)) ||
    (named.length > 0 && (await mayBeIgnored(cwd, named)));
  const files = isWider ? [...known, ...(await walk(cwd, paths))] : known;
  return hidden ? files : files.filter((file) => file === undefined || !isHidden(file, paths));
}

/** Search programs skip hidden files, but not below a hidden folder that the command names. */
function isHidden(file: string, paths: readonly string[]): boolean {
  const base = paths
    .map((path) => path.replace(/^\.\/|\/$/g, ''))
    .find((path) => file.startsWith(`${path}/`) || file === path);
  return /(^|\/)\.[^./]/.test(base === undefined ? file : file.slice(base.length));
}

async function listed(cwd: string, args: readonly string[], paths: readonly string[]): Promise<Places> {
  const limited = paths.filter((path) => path !== '' && path !== '.' && path !== './');
  const git = new Git(cwd).with({ GIT_LITERAL_PATHSPECS: '1' });
  const { code, stdout } = await ask(git, [...args, '--', ...(limited.length === paths.length ? limited : [])]);
  if (code === 0) return partsOf(stdout);
  return walk(cwd, paths);
}

/** Git that is missing, or does not answer, is asked in vain: the caller then assumes the worst, and a person is asked. */
async function ask(git: Git, args: readonly string[], input?: string): ReturnType<Git['try']> {
  return git.try(args, input).catch((error: Error) => ({ code: 127, stdout: '', stderr: error.message }));
}

function partsOf(output: string): string[] {
  return output.split('\0').filter((part) => part !== '');
}

async function walk(cwd: string, paths: readonly string[]): Promise<Places> {
  const found: string[] = [];
  const folders = paths.length === 0 ? [''] : paths.map((path) => path.replace(/^\.(\/|$)|\/$/g, ''));
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await readdir(join(cwd, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !/^(node_modules|\.git|\.systemprompt)$/.test(entry.name)) folders.push(path);
      if (!entry.isDirectory()) found.push(path);
    }
    if (found.length + folders.length > ENTRIES) return [undefined];
  }
  return found;
}
